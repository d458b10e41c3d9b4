package dev.imagespec.runtime.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.testkit.EcrServer;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.ecr.EcrClient;

/** The signer's log never gets a session token. */
class SignerLogTest {
  private static final String CANARY = "canary-session-token";
  private static final AwsErrors ERRORS =
      new AwsErrors(
          new AwsErrors.Wording("Amazon ECR", "AWS_ENDPOINT_URL_ECR", "imagespec.ecr"),
          new AwsErrors.Own() {
            @Override
            public Optional<ImageSpecException> failure(AwsErrors.Answer answer) {
              return Optional.empty();
            }

            @Override
            public String remedy(String lacking, AwsErrors.Answer answer) {
              return "";
            }
          });

  private final EcrServer ecr = EcrServer.start();

  @AfterEach
  void stop() {
    ecr.close();
  }

  @Test
  void aSessionTokenIsNotGivenToASignerThatWouldLogIt() {
    AwsCredentialsProvider session =
        StaticCredentialsProvider.create(AwsSessionCredentials.create("a", "b", CANARY));
    AwsCredentialsProvider plain =
        StaticCredentialsProvider.create(AwsBasicCredentials.create("a", "b"));
    assertThat(SignerLog.guard(session, () -> false).resolveCredentials().accessKeyId())
        .isEqualTo("a");
    assertThat(SignerLog.guard(plain, () -> true).resolveCredentials().accessKeyId())
        .isEqualTo("a");
    AwsCredentialsProvider guarded = SignerLog.guard(session, () -> true);
    try (EcrClient client =
        EcrClient.builder()
            .region(Region.US_EAST_1)
            .credentialsProvider(guarded)
            .httpClientBuilder(UrlConnectionHttpClient.builder())
            .endpointOverride(ecr.endpoint())
            .build()) {
      assertThatThrownBy(() -> client.describeRepositories(request -> {}))
          .satisfies(
              thrown -> {
                ImageSpecException failure =
                    thrown instanceof SdkException e
                        ? ERRORS.of(e, "ecr:DescribeRepositories", "a registry")
                        : (ImageSpecException) thrown;
                assertThat(failure)
                    .hasMessageContaining(SignerLog.NAME)
                    .hasMessageNotContaining(CANARY);
              });
    }
    assertThat(ecr.journal().entries()).isEmpty();
  }
}
