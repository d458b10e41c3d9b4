package dev.imagespec.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.testkit.RegistryServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Registers a project in a process of its own, with other options and variables. */
final class OtherProcess {
  private OtherProcess() {}

  /** Prints each task with its image's digest, and each failure. */
  public static void main(String[] arguments) {
    Path project = Path.of(arguments[0]);
    try {
      Registration registration =
          ImageRegistrar.of(
                  Settings.builder()
                      .memory(project.resolve("memory"))
                      .projectDir(project)
                      .classPath(List.of(project.resolve("classes")))
                      .registry(arguments[1])
                      .build())
              .register();
      registration.failures().forEach(failure -> System.out.println(failure.message()));
      registration
          .tasks()
          .forEach((task, image) -> System.out.println(image.substring(image.indexOf('@') + 1)));
    } catch (ImageSpecException e) {
      System.out.println(e.code() + " " + e.getMessage());
    }
  }

  /** The words that run a class of the tests in a process of its own. */
  static List<String> java(List<String> options, Class<?> main, String... arguments) {
    List<String> words = new ArrayList<>();
    words.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    words.addAll(options);
    words.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
    words.addAll(List.of(arguments));
    return words;
  }

  /** Registers into an empty registry, and gives what that prints. */
  static String register(Path project, List<String> options, Map<String, String> variables)
      throws IOException, InterruptedException {
    Path log = Files.createTempFile("imagespec-test", ".log");
    try (RegistryServer registry = RegistryServer.anonymous()) {
      ProcessBuilder builder =
          new ProcessBuilder(
                  java(options, OtherProcess.class, project.toString(), registry.registry()))
              .redirectErrorStream(true)
              .redirectOutput(log.toFile());
      builder.environment().putAll(variables);
      Process process = builder.start();
      try {
        assertThat(process.waitFor(5, TimeUnit.MINUTES)).isTrue();
      } finally {
        process.destroyForcibly();
      }
      return Files.readString(log, StandardCharsets.ISO_8859_1)
          .replaceAll("(?m)^SLF4J.*\\R", "")
          .strip();
    } finally {
      Files.delete(log);
    }
  }
}
