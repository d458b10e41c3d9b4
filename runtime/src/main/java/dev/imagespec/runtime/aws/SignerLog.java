package dev.imagespec.runtime.aws;

import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.util.function.BooleanSupplier;
import org.slf4j.LoggerFactory;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;

/**
 * The only log of the AWS SDK that can contain a secret: at DEBUG, its signer writes what it signs,
 * which includes the session token.
 */
final class SignerLog {
  /** The logger's name. */
  static final String NAME =
      "software.amazon.awssdk.http.auth.aws.internal.signer.DefaultV4RequestSigner";

  private SignerLog() {}

  /** Wraps credentials so that a session token is refused while that log is on. */
  static AwsCredentialsProvider guard(AwsCredentialsProvider source) {
    return guard(source, () -> LoggerFactory.getLogger(NAME).isDebugEnabled());
  }

  static AwsCredentialsProvider guard(AwsCredentialsProvider source, BooleanSupplier isOn) {
    return () -> {
      AwsCredentials credentials = source.resolveCredentials();
      if (credentials instanceof AwsSessionCredentials && isOn.getAsBoolean()) {
        throw new ImageSpecException(
            FailureCode.INVALID_SETTING,
            "The log would show the AWS session token: "
                + NAME
                + " is at DEBUG. Set this logger to INFO; the rest of the SDK's log may stay as it is.");
      }
      return credentials;
    };
  }
}
