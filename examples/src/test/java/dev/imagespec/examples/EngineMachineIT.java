package dev.imagespec.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.testkit.DebianBase;
import dev.imagespec.testkit.DockerDaemon;
import dev.imagespec.testkit.DockerRegistry;
import dev.imagespec.testkit.ExternalTool;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What engines find on the machine, and what they leave there. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EngineMachineIT {
  private static final Path BASE = Path.of("target", "debian-base");

  @TempDir static Path dir;

  private final List<AutoCloseable> open = new ArrayList<>();
  private String registry = "";
  private String base = "";

  @BeforeAll
  void start() throws IOException {
    EngineTools.require("docker-registry", "buildah");
    DockerRegistry server = DockerRegistry.start(Files.createDirectories(dir.resolve("registry")));
    open.add(server);
    registry = server.registry();
    base = DebianBase.python(BASE).push(registry, "python:3", "oci");
    Files.createDirectories(dir.resolve("project"));
  }

  @AfterAll
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private static Path compile(String folder, TaskSource... tasks) throws IOException {
    Path classes = dir.resolve(folder);
    assertThat(TaskCompiler.compile(List.of(tasks), dir.resolve("project"), classes)).isEmpty();
    return classes;
  }

  private ExternalTool.Result run(
      String command, String engine, Path classes, Map<String, String> environment) {
    return PackagedCli.of(command, "--classpath", classes.toString())
        .with("--project-dir", dir.resolve("project").toString(), "--lock", classes + ".lock")
        .with("--registry", registry, "--name", "team/app", "--verbose")
        .environment(Map.of("IMAGESPEC_ENGINE", engine, "IMAGESPEC_ENGINE_NETWORK", "host"))
        .environment(Map.of("IMAGESPEC_ENGINE_LOGS", dir.resolve("logs").toString()))
        .environment(environment)
        .run();
  }

  @Test
  void aDaemonOverTlsIsFoundByTheCertificatesInTheHomeFolder() throws IOException {
    Path classes =
        compile("tls", TaskSource.of("Tls", base).texts("commands", List.of("echo tls > /tls")));
    try (DockerDaemon daemon = DockerDaemon.startWithTls(dir.resolve("t"))) {
      Map<String, String> environment = new HashMap<>();
      environment.put("HOME", daemon.home().toString());
      environment.put("DOCKER_HOST", daemon.tlsHost());
      environment.put("DOCKER_TLS_VERIFY", "1");
      environment.put("PATH", DockerDaemon.client().getParent() + File.pathSeparator + path());
      ExternalTool.Result doctor = run("doctor", "buildx", classes, environment);
      assertThat(doctor.output()).containsPattern("ok +engine +buildx");
      ExternalTool.Result result = run("register", "buildx", classes, environment);
      assertThat(result.status()).as(result.output()).isZero();
      assertThat(result.output()).contains("with buildx for").contains("Tls  " + registry);
      environment.remove("DOCKER_TLS_VERIFY");
      assertThat(run("doctor", "buildx", classes, environment).output())
          .as("the certificates are needed")
          .doesNotContainPattern("ok +engine +buildx");
    }
  }

  private static String path() {
    return System.getenv().getOrDefault("PATH", "");
  }

  @Test
  void buildahLeavesTheCacheOfStepsAndNothingElse() throws IOException {
    Map<String, String> storage = storage();
    Path failing =
        compile(
            "failing",
            TaskSource.of("Steps", base).texts("commands", List.of("echo a > /a", "exit 7")));
    ExternalTool.Result failed = run("register", "buildah", failing, storage);
    assertThat(failed.status()).as(failed.output()).isEqualTo(1);
    assertThat(failed.output()).contains("it ended with exit code 7");
    assertThat(containers(storage)).isEmpty();
    assertThat(names(storage)).as("what was pulled").allMatch(name -> name.startsWith(registry));

    Path mended =
        compile(
            "mended",
            TaskSource.of("Steps", base).texts("commands", List.of("echo a > /a", "echo b > /b")));
    ExternalTool.Result good = run("register", "buildah", mended, storage);
    assertThat(good.status()).as(good.output()).isZero();
    assertThat(good.output()).as("the first step is not run again").contains("Using cache");
    assertThat(containers(storage)).isEmpty();
    assertThat(names(storage)).allMatch(name -> name.startsWith(registry));
    try (Stream<Path> temporary = Files.list(Path.of(storage.getOrDefault("TMPDIR", "")))) {
      assertThat(temporary).isEmpty();
    }
  }

  /** A storage of the test's own. */
  private Map<String, String> storage() throws IOException {
    Path folder = dir.resolve("storage");
    Path conf = dir.resolve("storage.conf");
    Files.writeString(
        conf,
        "[storage]\ndriver = \"overlay\"\ngraphroot = \""
            + folder
            + "\"\nrunroot = \""
            + folder
            + "-run\"\n");
    // Its mounts stay when buildah ends.
    open.add(
        () ->
            ExternalTool.attempt(
                Map.of(),
                "sh",
                "-c",
                "umount -l \"$0\"/overlay/*/merged \"$0\"/overlay; rm -rf \"$0\"",
                folder.toString()));
    return Map.of(
        "CONTAINERS_STORAGE_CONF",
        conf.toString(),
        "TMPDIR",
        Files.createDirectories(dir.resolve("temporary")).toString());
  }

  private static List<String> containers(Map<String, String> storage) {
    return lines(storage, "buildah", "containers", "--all", "--quiet");
  }

  private static List<String> names(Map<String, String> storage) {
    return lines(storage, "buildah", "images", "--format", "{{.Name}}").stream()
        .filter(name -> !name.equals("<none>"))
        .toList();
  }

  private static List<String> lines(Map<String, String> storage, String... command) {
    ExternalTool.Result result = ExternalTool.attempt(storage, command);
    assertThat(result.status()).as(result.output()).isZero();
    return result.output().lines().filter(line -> !line.isBlank()).toList();
  }
}
