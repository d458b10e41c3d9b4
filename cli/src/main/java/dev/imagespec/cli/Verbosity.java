package dev.imagespec.cli;

import dev.imagespec.runtime.ImageSpecException;
import java.io.PrintWriter;
import java.util.Arrays;

/**
 * How much is printed: messages alone, or with {@code --verbose} debug logs and stack traces, too.
 */
final class Verbosity {
  private static final String OPTION = "--verbose";
  private static final String LEVEL = "org.slf4j.simpleLogger.log.dev.imagespec";
  private static final String DEFAULT_LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";

  /** The logger with which the JDK's HTTP client prints headers. */
  private static final String HTTP_LOG = "jdk.httpclient.HttpClient.log";

  /** The logger with which the AWS SDK's signers print the session token. */
  private static final String SIGNER_LOG =
      "org.slf4j.simpleLogger.log.software.amazon.awssdk.http.auth";

  private static boolean verbose;

  private Verbosity() {}

  /** Sets the log level. Call it before the first logger is created. */
  static void apply(String[] args) {
    verbose = Arrays.asList(args).contains(OPTION);
    // These loggers print credentials: keep them quiet whatever level is set for the others.
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

  /** Prints an error, with its stack trace if {@code --verbose} is given. */
  static void explain(Throwable e, PrintWriter err) {
    if (e instanceof ImageSpecException known) {
      err.println("error: " + known.getMessage());
      if (verbose) {
        e.printStackTrace(err);
      }
    } else if (e instanceof OutOfMemoryError) {
      err.println(
          "error: the memory of the Java virtual machine is full ("
              + e.getMessage()
              + "). Give it more, for example with JAVA_TOOL_OPTIONS=-Xmx1g, or register fewer tasks at once"
              + " with --class. What was pushed is there; the next registration goes on from it.");
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
