package dev.imagespec.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** Programs on this machine that tests use if they are installed. */
public final class ExternalTool {
  /**
   * The environment variable that makes tests fail if a tool is missing, with the value {@code
   * required}. Otherwise they are skipped.
   */
  public static final String VARIABLE = "IMAGESPEC_E2E";

  private static final int PATIENCE_MINUTES = 8;

  private ExternalTool() {}

  /**
   * The output of a program and its exit status.
   *
   * @param status its exit status
   */
  public record Result(int status, String output) {}

  /** The program with this name on the search path. */
  public static Optional<Path> find(String name) {
    String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin";
    return Arrays.stream(path.split(File.pathSeparator, -1))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Whether a missing tool makes a test fail. */
  public static boolean required() {
    return "required".equals(System.getenv(VARIABLE));
  }

  /**
   * Which of these tools are missing.
   *
   * @return a message that says what to install; empty if nothing is missing
   * @throws IllegalStateException with that message if tools are required
   */
  public static Optional<String> missing(String... names) {
    List<String> missing = Arrays.stream(names).filter(name -> find(name).isEmpty()).toList();
    if (missing.isEmpty()) {
      return Optional.empty();
    }
    String message = "not installed: " + String.join(", ", missing);
    if (required()) {
      throw new IllegalStateException(message + ", but " + VARIABLE + "=required");
    }
    return Optional.of(message);
  }

  /**
   * Runs a program.
   *
   * @return its output, from both streams
   * @throws IllegalStateException with the output, if the program fails or does not end
   */
  public static String run(String... command) {
    Result result = attempt(Map.of(), command);
    if (result.status() != 0) {
      throw new IllegalStateException(List.of(command) + " failed:\n" + result.output());
    }
    return result.output();
  }

  /**
   * Runs a program that may fail.
   *
   * @param environment variables added to this process's own
   * @throws IllegalStateException with the output, if the program does not end
   */
  public static Result attempt(Map<String, String> environment, String... command) {
    try {
      Path output = Files.createTempFile("external-", ".out");
      try {
        ProcessBuilder builder =
            new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
          process.getOutputStream().close();
          boolean ended = process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES);
          String text = Files.readString(output, Charset.defaultCharset());
          if (!ended) {
            throw new IllegalStateException(List.of(command) + " does not end:\n" + text);
          }
          return new Result(process.exitValue(), text);
        } finally {
          process.descendants().forEach(ProcessHandle::destroyForcibly);
          process.destroyForcibly();
        }
      } finally {
        Files.delete(output);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted: " + List.of(command), e);
    }
  }
}
