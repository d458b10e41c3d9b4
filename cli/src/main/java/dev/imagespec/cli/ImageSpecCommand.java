package dev.imagespec.cli;

import dev.imagespec.runtime.ImageSpecException;
import java.io.PrintWriter;
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
    subcommands = {
      PlanCommand.class,
      RegisterCommand.class,
      LockCommand.class,
      ExportCommand.class,
      DoctorCommand.class,
      ImagesCommand.class,
      LoginCommand.class
    },
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:done",
      "1:failed after the first request; what succeeded is recorded",
      "2:found wrong before the first request: command line, setting, manifest, lock or file",
      "3:plan --check found that something would be built"
    },
    footerHeading = "%nSettings:%n",
    footer = {
      "Every option is also a setting imagespec.*, taken from, in this order: the command line, a system"
          + " property (imagespec.registry), an environment variable (IMAGESPEC_REGISTRY),"
          + " imagespec.properties in the project directory, the annotation.",
      "@FILE on the command line stands for the arguments in that file."
    })
public final class ImageSpecCommand implements Runnable {
  static final int FAILED = 1;
  static final int WRONG_INPUT = 2;
  static final int WORK_FOUND = 3;

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Runs the command line and exits the JVM with its exit code. */
  public static void main(String[] args) {
    // Log lines go to stderr: warnings and errors only, unless --verbose is given.
    PrintWriter err = Terminal.writer(System.err);
    System.setErr(Terminal.stream(System.err));
    System.exit(execute(args, Terminal.writer(System.out), err));
  }

  /**
   * Runs a command line.
   *
   * @return its exit code
   */
  static int execute(String[] args, PrintWriter out, PrintWriter err) {
    Verbosity.apply(args);
    Optional<String> unreadable = ArgumentFiles.problem(args);
    if (unreadable.isPresent()) {
      err.println(unreadable.get());
      err.flush();
      return WRONG_INPUT;
    }
    CommandLine line =
        new CommandLine(new ImageSpecCommand())
            .setOut(out)
            .setErr(err)
            .setCaseInsensitiveEnumValuesAllowed(true)
            .setUsageHelpAutoWidth(true);
    line.setExecutionExceptionHandler(
        (e, command, parsed) -> {
          Verbosity.explain(e, command.getErr());
          return e instanceof ImageSpecException known && known.code().isInput()
              ? WRONG_INPUT
              : FAILED;
        });
    return line.execute(args);
  }

  @Override
  public void run() {
    throw new CommandLine.ParameterException(
        spec.commandLine(),
        "Which command? One of plan, register, lock, export, doctor, images, login.");
  }
}
