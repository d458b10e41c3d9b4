package dev.imagespec.testkit;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** Programs of this machine that tests use, where they are installed. */
public final class ExternalTool {
  /** Set to {@code required}, a test whose tool is missing fails; otherwise it is skipped. */
  public static final String VARIABLE = "IMAGESPEC_E2E";

  private ExternalTool() {}

  /** The program of this name on the search path. */
  public static Optional<Path> find(String name) {
    String path = System.getenv().getOrDefault("PATH", "") + File.pathSeparator + "/usr/sbin";
    return Arrays.stream(path.split(File.pathSeparator, -1))
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Whether missing tools are failures. */
  public static boolean required() {
    return "required".equals(System.getenv(VARIABLE));
  }

  /**
   * The tools of these names that are missing.
   *
   * @return a message that says what to install; empty if nothing is missing
   * @throws IllegalStateException with that message where tools are required
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
}
