package dev.imagespec.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.flyte.TaskIo;
import dev.imagespec.runtime.ImageRegistrar;
import dev.imagespec.runtime.Mirror;
import dev.imagespec.runtime.Registration;
import dev.imagespec.runtime.Settings;
import dev.imagespec.testkit.DebianBase;
import dev.imagespec.testkit.DockerDaemon;
import dev.imagespec.testkit.DockerRegistry;
import dev.imagespec.testkit.ExternalTool;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The example of a Flyte task, registered and run by Docker as Flyte runs it: with folders as its
 * co-pilot fills them.
 */
class FlyteTaskIT {
  private static final Path CLASSES = Path.of("target", "classes").toAbsolutePath();
  private static final Path BASE = Path.of("target", "debian-base").toAbsolutePath();
  private static final String TASK = "dev.imagespec.examples.WordCount";

  @TempDir Path dir;

  @BeforeAll
  static void tools() {
    EngineTools.require("docker-registry");
  }

  @Test
  void theTaskReadsItsInputsAndWritesItsOutputs() throws IOException, URISyntaxException {
    try (DockerRegistry registry = DockerRegistry.start(folder("registry"));
        DockerDaemon docker = DockerDaemon.start(dir.resolve("docker"))) {
      DebianBase.java(BASE)
          .push(registry.registry(), "mirror/library/eclipse-temurin:17.0.13_11-jre", "oci");
      String image = register(registry.registry());

      inputs();
      ExternalTool.Result run = run(docker, image);
      assertThat(run.status()).as(run.output()).isZero();
      Path outputs = dir.resolve("outputs");
      assertThat(outputs.resolve("words")).hasContent("6");
      assertThat(outputs.resolve("mean_length")).hasContent("3.5");
      assertThat(outputs.resolve("counts")).hasContent("bird 2\nfish 3\n");
      try (Stream<Path> all = Files.list(outputs)) {
        assertThat(all.map(file -> file.getFileName().toString()))
            .containsExactlyInAnyOrder("words", "mean_length", "counts");
      }

      Files.delete(dir.resolve("inputs/at_least"));
      ExternalTool.Result incomplete = run(docker, image);
      assertThat(incomplete.status()).isNotZero();
      assertThat(incomplete.output())
          .contains("there is no input \"at_least\" in /var/inputs, only stop_words, text");
    }
  }

  /** The layout of {@code flytecopilot/data/download.go}. */
  private void inputs() throws IOException {
    Path inputs = folder("inputs");
    folder("outputs");
    Files.writeString(inputs.resolve("text"), "Fish, bird and fish.\nThe bird and a fish: o");
    Path list = Files.createDirectory(inputs.resolve("stop_words"));
    Files.writeString(list.resolve("0"), "and");
    Files.writeString(list.resolve("1"), "the");
    Files.writeString(list.resolve("2"), "a");
    Files.writeString(inputs.resolve("at_least"), "2");
    Files.write(inputs.resolve("inputs.pb"), new byte[] {10});
    Files.writeString(
        inputs.resolve("inputs.json"),
        "{\"at_least\":2,\"stop_words\":[\"and\",\"the\",\"a\"],\"text\":\"/var/inputs/text\"}");
  }

  private String register(String registry) throws URISyntaxException {
    Path annotations =
        Path.of(TaskIo.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    Registration registration =
        ImageRegistrar.of(
                Settings.builder()
                    .noMemory()
                    .registry(registry)
                    .mirrors(List.of(Mirror.parse("docker.io=" + registry + "/mirror")))
                    .classPath(List.of(CLASSES, annotations))
                    .classes(List.of(TASK))
                    .projectDir(Path.of("").toAbsolutePath())
                    .lock(dir.resolve("imagespec.lock"))
                    .history(dir.resolve("history"))
                    .build())
            .register();
    assertThat(registration.failures()).isEmpty();
    return registration.tasks().get(TASK);
  }

  private ExternalTool.Result run(DockerDaemon docker, String image) {
    return docker.docker(
        "run",
        "--rm",
        "--network=host",
        "--pull=missing",
        "--volume",
        dir.resolve("inputs") + ":/var/inputs",
        "--volume",
        dir.resolve("outputs") + ":/var/outputs",
        image);
  }

  private Path folder(String name) throws IOException {
    return Files.createDirectories(dir.resolve(name));
  }
}
