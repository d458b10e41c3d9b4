package dev.imagespec.cli;

import dev.imagespec.runtime.ImageSpecException;
import java.io.PrintWriter;
import java.util.Arrays;

/** How much is told: a message, or with {@code --verbose} also where it comes from. */
final class Verbosity {
  private static final String OPTION = "--verbose";
  private static final String LEVEL = "org.slf4j.simpleLogger.log.dev.imagespec";
  private static final String DEFAULT_LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";

  /** The JDK's HTTP client prints headers there. */
  private static final String HTTP_LOG = "jdk.httpclient.HttpClient.log";

  /** The AWS SDK's signers print the session token there. */
  private static final String SIGNER_LOG =
      "org.slf4j.simpleLogger.log.software.amazon.awssdk.http.auth";

  private static boolean verbose;

  private Verbosity() {}

  /** Sets the log's level, which has to be done before the first logger is made. */
  static void apply(String[] args) {
    verbose = Arrays.asList(args).contains(OPTION);
    // These print what proves who asks, whatever level was meant for the rest.
    System.clearProperty(HTTP_LOG);
    for (String name : System.getProperties().stringPropertyNames()) {
      if (name.startsWith(SIGNER_LOG)) {
        System.clearProperty(name);
      }
    }
    System.setProperty(SIGNER_LOG, "warn");
    System.setProperty(DEFAULT_LEVEL, "warn");
    System.setProperty(LEVEL, verbose ? "debug" : "warn");
  }

  /** Prints what went wrong; the stack trace only if it was asked for, or is a bug's. */
  static void explain(Exception e, PrintWriter err) {
    if (e instanceof ImageSpecException known) {
      err.println("error: " + known.getMessage());
      if (verbose) {
        e.printStackTrace(err);
      }
    } else {
      err.println("error: this is a bug in imagespec, please report it: " + e);
      if (verbose) {
        e.printStackTrace(err);
      } else {
        err.println("Run it again with --verbose to see where it happened.");
      }
    }
    err.flush();
  }
}
