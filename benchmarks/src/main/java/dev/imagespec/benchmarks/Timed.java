package dev.imagespec.benchmarks;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** A process that is timed to its end, with the processes that it starts and waits for. */
final class Timed {
  private static final int PATIENCE_MINUTES = 15;
  private static final int SHOWN = 4000;

  /**
   * What to run.
   *
   * @param words the program and its arguments
   * @param environment variables besides those of the harness, without AWS's
   * @param folder the working directory
   */
  record Command(List<String> words, Map<String, String> environment, Path folder) {}

  private Timed() {}

  /**
   * Runs a command.
   *
   * @param folder the folder for its output
   * @throws IllegalStateException with the end of its output, if it fails
   */
  static Sample.Cost run(Command command, Path folder) throws IOException, InterruptedException {
    Path times = folder.resolve("times");
    Path output = folder.resolve("output");
    List<String> words =
        new ArrayList<>(List.of("/usr/bin/time", "-o", times.toString(), "-f", "%U %S %M"));
    words.addAll(command.words);
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(command.folder.toFile())
            .redirectErrorStream(true)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(output.toFile());
    builder
        .environment()
        .keySet()
        .removeIf(name -> name.startsWith("AWS_") || name.startsWith("IMAGESPEC_"));
    builder.environment().keySet().removeAll(List.of("JAVA_TOOL_OPTIONS", "MAVEN_OPTS"));
    builder.environment().putAll(command.environment);
    long start = System.nanoTime();
    Process process = builder.start();
    try {
      boolean ended = process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
      double wall = (System.nanoTime() - start) / 1e9;
      if (!ended || process.exitValue() != 0) {
        throw new IllegalStateException(
            (ended ? "status " + process.exitValue() : "no end")
                + " of "
                + String.join(" ", command.words)
                + "\n"
                + end(output));
      }
      String[] numbers = Files.readString(times).strip().split(" ", -1);
      return new Sample.Cost(
          wall,
          Double.parseDouble(numbers[0]) + Double.parseDouble(numbers[1]),
          Double.parseDouble(numbers[2]) / 1024,
          0);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private static String end(Path output) throws IOException {
    String text = new String(Files.readAllBytes(output), StandardCharsets.UTF_8);
    return text.substring(Math.max(0, text.length() - SHOWN));
  }
}
