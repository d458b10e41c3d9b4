package dev.imagespec.cli;

import dev.imagespec.json.Json;
import dev.imagespec.model.Spelling;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.RegistryCredential;
import dev.imagespec.runtime.SettingKey;
import dev.imagespec.runtime.Settings;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * What is printed of an error, and how much: messages alone, or with {@code --verbose} debug logs
 * and stack traces, too; with {@code --json} also as a document.
 */
final class Printing {
  private static final String LEVEL = "org.slf4j.simpleLogger.log.dev.imagespec";
  private static final String DEFAULT_LEVEL = "org.slf4j.simpleLogger.defaultLogLevel";

  /** The logger with which the JDK's HTTP client prints headers. */
  private static final String HTTP_LOG = "jdk.httpclient.HttpClient.log";

  /** The logger with which the AWS SDK's signers print the session token. */
  private static final String SIGNER_LOG =
      "org.slf4j.simpleLogger.log.software.amazon.awssdk.http.auth";

  /** An option by which somebody means to give a credential. */
  private static final Pattern CREDENTIAL =
      Pattern.compile("(?s)--?(?:[a-z.]+[-.])?(?:user|username|pass|password|token)(?:=.*)?");

  private boolean verbose;
  private boolean json;
  private volatile boolean ended;
  private @Nullable LiveArea area;

  private Printing(boolean verbose, boolean json) {
    this.verbose = verbose;
    this.json = json;
  }

  /**
   * Sets the log level, before the first logger is created. Takes what is asked for before the
   * settings can be read, since that may fail.
   */
  static Printing of(String[] args) {
    Printing printing =
        new Printing(isAsked(SettingKey.VERBOSE, args), isAsked(SettingKey.JSON, args));
    // These loggers print credentials: keep them quiet whatever level is set for the others.
    System.clearProperty(HTTP_LOG);
    for (String name : System.getProperties().stringPropertyNames()) {
      if (name.startsWith(SIGNER_LOG)) {
        System.clearProperty(name);
      }
    }
    System.setProperty(SIGNER_LOG, "warn");
    System.setProperty(DEFAULT_LEVEL, "warn");
    printing.setLevel();
    return printing;
  }

  private static boolean isAsked(SettingKey<Boolean> flag, String[] args) {
    return Arrays.asList(args).contains(flag.option().orElseThrow())
        || Boolean.parseBoolean(
            System.getProperty(
                flag.name(), System.getenv().getOrDefault(flag.variable(), "false")));
  }

  /** Applies the settings of the run, which the project's file may have, too. */
  void apply(Settings settings) {
    verbose = settings.verbose();
    json = settings.json();
    setLevel();
  }

  private void setLevel() {
    System.setProperty(LEVEL, verbose ? "debug" : "warn");
  }

  boolean verbose() {
    return verbose;
  }

  boolean json() {
    return json;
  }

  /**
   * Prints that a signal ends this process. What other threads say after that is not printed: it
   * comes of the same signal.
   */
  private void interrupted(String done, PrintWriter err) {
    ended = true;
    area().ifPresent(LiveArea::end);
    err.println("interrupted: " + done + ".");
    err.flush();
  }

  boolean ended() {
    return ended;
  }

  /**
   * Does work. If a signal ends this process meanwhile, one line says what is there.
   *
   * @param done what the line says
   */
  <T> T untilInterrupted(Supplier<String> done, PrintWriter err, Supplier<T> work) {
    Thread hook = new Thread(() -> interrupted(done.get(), err), "imagespec-interrupted");
    Runtime.getRuntime().addShutdownHook(hook);
    try {
      return work.get();
    } finally {
      try {
        Runtime.getRuntime().removeShutdownHook(hook);
      } catch (IllegalStateException e) {
        // A signal is ending this process: the hook says so.
        Thread.onSpinWait();
      }
    }
  }

  /** Says where stderr can be drawn on, if it is a terminal. */
  void drawsOn(LiveArea stderr) {
    area = stderr;
  }

  /** What {@link #drawsOn} said. */
  Optional<LiveArea> area() {
    return Optional.ofNullable(area);
  }

  /** Prints why a command failed; returns the exit code. */
  int failed(Throwable e, CommandLine command) {
    ImageSpecException known = explain(e, command.getErr());
    document(known.code(), String.valueOf(known.getMessage()), command);
    return known.code().isInput() ? ImageSpecCommand.WRONG_INPUT : ImageSpecCommand.FAILED;
  }

  /** Prints what was thrown, with its stack trace if that is asked for; returns what it means. */
  ImageSpecException explain(Throwable e, PrintWriter err) {
    ImageSpecException known = known(e);
    if (ended) {
      return known;
    }
    err.println("error: " + known.getMessage());
    if (verbose) {
      e.printStackTrace(err);
    } else if (known.code() == FailureCode.INTERNAL) {
      err.println("Run it again with --verbose to see where it happened.");
    }
    err.flush();
    return known;
  }

  private static ImageSpecException known(Throwable e) {
    if (e instanceof ImageSpecException known) {
      return known;
    }
    if (e instanceof OutOfMemoryError) {
      return new ImageSpecException(
          FailureCode.LOCAL_IO,
          "the memory of the Java virtual machine is full ("
              + e.getMessage()
              + "). Give it more, for example with JAVA_TOOL_OPTIONS=-Xmx1g, or register fewer tasks at once"
              + " with --class. What was pushed is there; the next registration goes on from it.",
          e);
    }
    return new ImageSpecException(
        FailureCode.INTERNAL, "this is a bug in imagespec, please report it: " + e, e);
  }

  /** Prints what is wrong with a command line, and where its help is; returns the exit code. */
  int misused(CommandLine.ParameterException e) {
    CommandLine command = e.getCommandLine();
    PrintWriter err = command.getErr();
    String message = String.valueOf(e.getMessage());
    if (e instanceof CommandLine.UnmatchedArgumentException unmatched
        && unmatched.getUnmatched().stream().anyMatch(CREDENTIAL.asMatchPredicate())) {
      // The argument, or the next one, is a secret: do not repeat it.
      message = "On the command line, everybody could read it: " + RegistryCredential.PLACES + ".";
    } else if (e instanceof CommandLine.UnmatchedArgumentException unmatched) {
      if (!unmatched.isUnknownOption()) {
        message = superfluous(unmatched.getUnmatched().get(0), command.getCommandSpec());
      }
      message += suggestion(unmatched.getUnmatched(), command.getCommandSpec());
    }
    err.println("error: " + message);
    err.println("`" + command.getCommandSpec().qualifiedName() + " --help` lists what there is.");
    err.flush();
    document(FailureCode.INVALID_SETTING, message, command);
    return ImageSpecCommand.WRONG_INPUT;
  }

  private static String superfluous(String argument, CommandSpec spec) {
    if (argument.startsWith("@")) {
      return "There is no file " + argument.substring(1) + " to take arguments from";
    }
    return spec.subcommands().isEmpty()
        ? "The argument '" + argument + "' belongs to no option"
        : "There is no command '" + argument + "'";
  }

  private static String suggestion(List<String> unmatched, CommandSpec spec) {
    List<String> known =
        Stream.concat(
                spec.options().stream().map(OptionSpec::longestName),
                spec.subcommands().keySet().stream())
            .toList();
    return unmatched.stream()
        .map(argument -> argument.replaceFirst("=.*", ""))
        .flatMap(argument -> Spelling.meant(argument, known.stream()).stream())
        .findFirst()
        .map(meant -> ". Did you mean " + meant + "?")
        .orElse("");
  }

  /** A failure that belongs to no task, in the form that those of tasks have. */
  private void document(FailureCode code, String message, CommandLine command) {
    if (json && !ended) {
      PrintWriter out = command.getOut();
      Map<String, Object> failure =
          Map.of("tasks", List.of(), "repository", "", "code", code.toString(), "message", message);
      out.print(Json.pretty(Map.of("failures", List.of(failure))));
      out.flush();
    }
  }
}
