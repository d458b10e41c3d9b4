package dev.imagespec.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.testkit.DebianBase;
import dev.imagespec.testkit.DockerDaemon;
import dev.imagespec.testkit.DockerRegistry;
import dev.imagespec.testkit.ExternalTool;
import dev.imagespec.testkit.PackageIndex;
import dev.imagespec.testkit.Wheel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real parts that environments are tested with do what those tests rely on. */
class DockerDaemonIT {
  private static final Path BASE = Path.of("target", "debian-base").toAbsolutePath();

  @TempDir Path dir;

  @BeforeAll
  static void tools() {
    EngineTools.require("docker-registry");
  }

  @Test
  void aBuildInstallsFromTheIndexAndTheArchiveAndItsImageRuns() throws IOException {
    Wheel two = new Wheel("tiny-two", "0.3.1");
    Wheel one = new Wheel("tiny-one", "1.2.0", List.of("tiny-two>=0.3"));
    try (DockerRegistry registry = DockerRegistry.start(folder("registry"));
        PackageIndex index = PackageIndex.anonymous(one, two);
        DockerDaemon docker = DockerDaemon.start(dir.resolve("docker"))) {
      String base = DebianBase.python(BASE).push(registry.registry(), "python:3", "oci");
      Path context =
          context(
              "FROM " + base,
              // The base's Python is externally managed.
              "RUN ! python3 -m pip install --index-url " + index.url() + " tiny-one 2> /refusal",
              "RUN grep externally-managed-environment /refusal",
              "RUN --mount=type=cache,target=/var/cache/apt apt-get update"
                  + " && apt-get install -y --no-install-recommends hello",
              "RUN python3 -m pip install --break-system-packages --index-url "
                  + index.url()
                  + " tiny-one");
      String image = registry.registry() + "/built:1";

      assertSucceeds(build(docker, context, "--push", "--tag", image));
      assertThat(index.downloads()).as("the package, and what it needs").isEqualTo(2);
      assertThat(registry.requests("PUT", "/v2/built/manifests/")).isEqualTo(1);
      assertThat(run(docker, image, "hello")).contains("Hello, world!");
      assertThat(run(docker, image, "python3", "-m", "tiny_one")).contains("tiny-one 1.2.0");
      assertThat(run(docker, image, "python3", "-m", "tiny_two")).contains("tiny-two 0.3.1");

      assertSucceeds(build(docker, context, "--push", "--tag", image));
      assertThat(index.downloads()).as("the engine remembers the step").isEqualTo(2);
    }
    assertNothingIsLeftOf(dir.resolve("docker"));
  }

  @Test
  void aKilledDaemonFailsItsBuildAndLeavesNothing() throws Exception {
    String marker = "8" + ProcessHandle.current().pid();
    Path folder = dir.resolve("docker");
    try (DockerRegistry registry = DockerRegistry.start(folder("registry"));
        DockerDaemon docker = DockerDaemon.start(folder)) {
      String base = DebianBase.python(BASE).push(registry.registry(), "python:3", "oci");
      Path context = context("FROM " + base, "RUN sleep " + marker);
      CompletableFuture<ExternalTool.Result> build =
          CompletableFuture.supplyAsync(() -> build(docker, context));
      while (!build.isDone() && !sleeps(marker)) {
        Thread.sleep(50);
      }
      assertThat(build).isNotDone();

      docker.kill();

      assertThat(build.get().status()).isNotZero();
      assertThat(sleeps(marker)).isFalse();
      assertNothingIsLeftOf(folder);
      assertThat(docker.docker("version").status()).isNotZero();
    }
  }

  @Test
  void aSmallDaemonRunsOutOfSpaceAndLivesOn() throws IOException {
    try (DockerRegistry registry = DockerRegistry.start(folder("registry"));
        DockerDaemon docker = DockerDaemon.startWithin(dir.resolve("docker"), 64L << 20)) {
      String base = DebianBase.python(BASE).push(registry.registry(), "python:3", "oci");

      ExternalTool.Result build = build(docker, context("FROM " + base, "RUN true"));

      assertThat(build.status()).isNotZero();
      assertThat(build.output()).contains("no space left on device");
      assertSucceeds(docker.docker("version"));
    }
  }

  private static ExternalTool.Result build(DockerDaemon docker, Path context, String... options) {
    List<String> arguments =
        new ArrayList<>(List.of("buildx", "build", "--network=host", "--progress=plain"));
    arguments.addAll(List.of(options));
    arguments.add(context.toString());
    return docker.docker(arguments.toArray(String[]::new));
  }

  private static String run(DockerDaemon docker, String image, String... command) {
    List<String> arguments =
        new ArrayList<>(List.of("run", "--rm", "--network=host", "--pull=always", image));
    arguments.addAll(List.of(command));
    ExternalTool.Result result = docker.docker(arguments.toArray(String[]::new));
    assertSucceeds(result);
    return result.output();
  }

  private static void assertSucceeds(ExternalTool.Result result) {
    assertThat(result.status()).as(result.output()).isZero();
  }

  private static void assertNothingIsLeftOf(Path folder) throws IOException {
    assertThat(ProcessHandle.allProcesses().map(DockerDaemonIT::commandLine))
        .noneMatch(line -> line.contains(folder.toString()));
    assertThat(Files.readString(Path.of("/proc/self/mounts"))).doesNotContain(folder.toString());
  }

  private static boolean sleeps(String marker) {
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      return all.map(DockerDaemonIT::commandLine).anyMatch(("sleep " + marker)::equals);
    }
  }

  private static String commandLine(ProcessHandle process) {
    try {
      return Files.readString(Path.of("/proc", String.valueOf(process.pid()), "cmdline"))
          .replace('\0', ' ')
          .strip();
    } catch (IOException e) {
      // It has ended in between.
      return "";
    }
  }

  private Path folder(String name) throws IOException {
    return Files.createDirectories(dir.resolve(name));
  }

  private Path context(String... lines) throws IOException {
    Path context = folder("context");
    Files.writeString(context.resolve("Dockerfile"), String.join("\n", lines) + "\n");
    return context;
  }
}
