package dev.imagespec.runtime.cli;

import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.registry.ecr.SignerLog;
import java.io.PrintWriter;
import java.util.Arrays;

/** How much is told: a message, or with {@code --verbose} also where it comes from. */
final class Verbosity {
  private static final String OPTION = "--verbose";
  private static final String LEVEL = "org.slf4j.simpleLogger.log.dev.imagespec";
  private static final String DEFAULT_LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";
  private static final String SIGNER_LEVEL = "org.slf4j.simpleLogger.log." + SignerLog.NAME;
  private static boolean verbose;

  private Verbosity() {}

  /** Sets the log's level, which has to be done before the first logger is made. */
  static void apply(String[] args) {
    verbose = Arrays.asList(args).contains(OPTION);
    System.setProperty(DEFAULT_LEVEL, "warn");
    System.setProperty(LEVEL, verbose ? "debug" : "warn");
    // Whatever else is asked to be logged: this would show the session token.
    System.setProperty(SIGNER_LEVEL, "warn");
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
