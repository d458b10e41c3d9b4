package dev.imagespec.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs commands in this process, and keeps what the last one printed. */
final class CommandRunner {
  final StringWriter out = new StringWriter();
  final StringWriter err = new StringWriter();

  /** Returns the exit code. */
  int execute(List<String> arguments) {
    out.getBuffer().setLength(0);
    err.getBuffer().setLength(0);
    return ImageSpecCommand.execute(
        arguments.toArray(String[]::new), new PrintWriter(out), new PrintWriter(err));
  }

  /** The words that run a command in a process of its own, by the classes that are tested. */
  static List<String> process(List<String> javaOptions, List<String> arguments) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(javaOptions);
    words.addAll(List.of("-cp", System.getProperty("java.class.path")));
    words.add(ImageSpecCommand.class.getName());
    words.addAll(arguments);
    return words;
  }
}
