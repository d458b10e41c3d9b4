package dev.imagespec.cli;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintWriter;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The {@code imagespec} command. */
@Command(
    name = "imagespec",
    description = {
      "Builds the container images of task classes annotated with @ImageSpec, each distinct one once, and"
          + " pushes them."
    },
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true,
    versionProvider = Version.class,
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed after the first request; what succeeded is recorded",
      "2:found wrong before the first request: command line, setting, manifest, lock or file",
      "3:plan --check found that something would be built"
    },
    footerHeading = "%nSettings:%n",
    footer = {
      "An option that docs/cli.md lists with its setting imagespec.* is taken from, in this order: the"
          + " command line, a system property (imagespec.registry), an environment variable"
          + " (IMAGESPEC_REGISTRY), imagespec.properties in the project directory, the annotation."
          + " All are settings but --check, --to and those of images and login.",
      "@FILE on the command line stands for the arguments in that file."
    })
public final class ImageSpecCommand implements Runnable {
  static final int FAILED = 1;
  static final int WRONG_INPUT = 2;
  static final int WORK_FOUND = 3;

  private static final String COMPLETION = "completion";
  private static final String HELP = "help";

  /** The commands, in the order of the help. */
  private static final List<String> COMMANDS =
      List.of(
          "plan",
          "register",
          "lock",
          "export",
          "save",
          "doctor",
          "images",
          "login",
          COMPLETION,
          HELP);

  private final Printing printing;
  @Spec private CommandSpec spec = CommandSpec.create();

  private ImageSpecCommand(Printing printing) {
    this.printing = printing;
  }

  Printing printing() {
    return printing;
  }

  /** Runs the command line and exits the JVM with its exit code. */
  public static void main(String[] args) {
    // Log lines go to stderr: warnings and errors only, unless --verbose is given.
    LiveArea stderr = new LiveArea(System.err);
    PrintWriter err = Terminal.writer(stderr);
    System.setErr(Terminal.stream(stderr));
    Printing printing = Printing.of(args);
    printing.drawsOn(stderr);
    Thread.setDefaultUncaughtExceptionHandler((thread, e) -> printing.explain(e, err));
    Stdout stdout = new Stdout(new FileOutputStream(FileDescriptor.out));
    CommandLine line = line(printing, args).setOut(Terminal.writer(stdout)).setErr(err);
    System.exit(stdout.exitCode(run(line, printing, args), err));
  }

  /**
   * Runs a command line.
   *
   * @return its exit code
   */
  static int execute(String[] args, PrintWriter out, PrintWriter err) {
    Printing printing = Printing.of(args);
    return run(line(printing, args).setOut(out).setErr(err), printing, args);
  }

  /**
   * Runs a command. Whatever it throws is explained: without {@code --verbose}, nobody sees a stack
   * trace.
   *
   * @return its exit code
   */
  static int run(CommandLine line, Printing printing, String... args) {
    line.setParameterExceptionHandler((e, parsed) -> printing.misused(e))
        .setExecutionExceptionHandler((e, command, parsed) -> printing.failed(e, command));
    try {
      Optional<String> unreadable = ArgumentFiles.problem(args);
      return unreadable.isPresent()
          ? printing.misused(new CommandLine.ParameterException(line, unreadable.get()))
          : line.execute(args);
    } catch (Error e) {
      return printing.failed(e, line);
    }
  }

  /** A command's class, which is loaded only if it is asked for. */
  private static Class<?> command(String name) {
    return switch (name) {
      case "plan" -> PlanCommand.class;
      case "register" -> RegisterCommand.class;
      case "lock" -> LockCommand.class;
      case "export" -> ExportCommand.class;
      case "save" -> SaveCommand.class;
      case "doctor" -> DoctorCommand.class;
      case "images" -> ImagesCommand.class;
      case "login" -> LoginCommand.class;
      case COMPLETION -> CompletionCommand.class;
      case HELP -> CommandLine.HelpCommand.class;
      default -> throw new IllegalArgumentException("there is no command " + name);
    };
  }

  /** The command line with all its commands. */
  static CommandLine line(Printing printing) {
    return line(printing, COMMANDS);
  }

  /**
   * The command line for these arguments. If they begin with a command, it has no other, unless
   * that one is about the others: to read the annotations and options of them all takes as long as
   * the rest of a run that has nothing to do.
   */
  private static CommandLine line(Printing printing, String... args) {
    String first = args.length == 0 ? "" : args[0];
    return COMMANDS.contains(first) && !first.equals(COMPLETION) && !first.equals(HELP)
        ? line(printing, List.of(first))
        : line(printing);
  }

  private static CommandLine line(Printing printing, List<String> commands) {
    CommandLine line = new CommandLine(new ImageSpecCommand(printing));
    commands.forEach(name -> line.addSubcommand(command(name)));
    line.setCaseInsensitiveEnumValuesAllowed(true)
        .setUsageHelpAutoWidth(true)
        .setExecutionStrategy(ImageSpecCommand::runUnlessEmpty);
    line.getSubcommands()
        .values()
        .forEach(command -> command.getCommandSpec().versionProvider(new Version()));
    return line;
  }

  /**
   * Runs what was parsed. An option without a text, as a script's unset variable makes it, is a
   * mistake: a list would be taken for not given, and {@code --class ""} would mean every task.
   */
  private static int runUnlessEmpty(CommandLine.ParseResult parsed) {
    for (CommandLine command : parsed.asCommandLineList()) {
      for (CommandLine.Model.OptionSpec option : command.getParseResult().matchedOptions()) {
        if (option.arity().max() > 0
            && option.originalStringValues().stream().anyMatch(ImageSpecCommand::isEmpty)) {
          throw new CommandLine.ParameterException(
              command, option.longestName() + ": it is empty; give it a value, or leave it out.");
        }
      }
    }
    return new CommandLine.RunLast().execute(parsed);
  }

  /** Whether a text, or list of texts, has nothing in it. */
  private static boolean isEmpty(String text) {
    return text.chars().allMatch(unit -> Character.isWhitespace(unit) || unit == ',');
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(),
        "Which command? One of plan, register, lock, export, save, doctor, images, login,"
            + " completion.");
  }
}
