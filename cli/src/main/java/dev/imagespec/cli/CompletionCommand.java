package dev.imagespec.cli;

import java.io.PrintWriter;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** {@code imagespec completion}. */
@Command(
    name = "completion",
    description = {
      "Prints a script that completes commands, options and file names.",
      "For bash, in ~/.bashrc:",
      "  source <(imagespec completion bash)",
      "For zsh, in ~/.zshrc after compinit:",
      "  source <(imagespec completion zsh)"
    },
    mixinStandardHelpOptions = true)
final class CompletionCommand implements Callable<Integer> {
  /** The shells. */
  enum Shell {
    BASH,
    ZSH;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  @Spec private CommandSpec spec = CommandSpec.create();

  /** Names the shells as they are written; picocli would shout. */
  private static final class ShellOf implements ITypeConverter<Shell> {
    @Override
    public Shell convert(String text) {
      return Stream.of(Shell.values())
          .filter(shell -> shell.toString().equals(text))
          .findFirst()
          .orElseThrow(
              () -> new TypeConversionException("\"" + text + "\" is neither bash nor zsh"));
    }
  }

  @Parameters(paramLabel = "bash|zsh", description = "The shell.", converter = ShellOf.class)
  private Shell shell = Shell.BASH;

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    // One script serves both: in zsh it loads bashcompinit.
    out.println("# Completes imagespec in " + shell + ".");
    out.print(AutoComplete.bash(spec.root().name(), spec.root().commandLine()));
    out.flush();
    return 0;
  }
}
