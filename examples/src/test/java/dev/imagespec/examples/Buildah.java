package dev.imagespec.examples;

import dev.imagespec.testkit.ExternalTool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Builds contexts with Debian's buildah, in a storage of its own that goes with its folder. */
final class Buildah {
  private static final String IMAGE = "built";

  private final List<String> storage;

  /**
   * Keeps its storage in a folder.
   *
   * @param folder one that nothing else is in
   */
  Buildah(Path folder) {
    storage =
        List.of(
            "buildah",
            "--storage-driver",
            "vfs",
            "--root",
            folder.resolve("root").toString(),
            "--runroot",
            folder.resolve("run").toString());
  }

  /**
   * Builds a context with the arguments that {@code imagespec export} wrote.
   *
   * @param destination where the image goes: {@code oci:} or {@code docker://} and a name
   */
  void build(Path context, String destination, String... options)
      throws IOException, InterruptedException {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "build",
                "--isolation",
                "chroot",
                "--tls-verify=false",
                "--identity-label=false",
                "--tag",
                IMAGE));
    Path file = context.resolve("build-args");
    if (Files.exists(file)) {
      for (String argument : Files.readAllLines(file)) {
        arguments.addAll(List.of("--build-arg", argument));
      }
    }
    arguments.addAll(List.of(options));
    arguments.add(context.toString());
    run(arguments);
    run(List.of("push", "--tls-verify=false", IMAGE, destination));
  }

  private void run(List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(storage);
    command.addAll(arguments);
    ExternalTool.run(command.toArray(String[]::new));
  }
}
