package dev.imagespec.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.json.Json;
import dev.imagespec.testkit.DebianBase;
import dev.imagespec.testkit.DockerDaemon;
import dev.imagespec.testkit.DockerRegistry;
import dev.imagespec.testkit.ExternalTool;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images that are saved are loaded by a real Docker, run there, and read by skopeo. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class SavedImageIT {
  private static final Path BASE = Path.of("target", "debian-base");

  @TempDir static Path dir;

  private final List<AutoCloseable> open = new ArrayList<>();
  private DockerRegistry registry;
  private DockerDaemon docker;
  private String base = "";

  @BeforeAll
  void start() throws IOException {
    EngineTools.require("docker-registry", "buildah");
    registry = DockerRegistry.start(Files.createDirectories(dir.resolve("registry")));
    open.add(registry);
    docker = DockerDaemon.start(dir.resolve("d"));
    open.add(docker);
    base = DebianBase.python(BASE).push(registry.registry(), "python:3", "oci");
    Files.createDirectories(dir.resolve("project"));
    Files.writeString(dir.resolve("project/greeting"), "moin");
  }

  @AfterAll
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private Path compile(String folder, TaskSource... tasks) throws IOException {
    Path classes = dir.resolve(folder);
    assertThat(TaskCompiler.compile(List.of(tasks), dir.resolve("project"), classes)).isEmpty();
    return classes;
  }

  private Map<?, ?> imagespec(String command, String repository, Path classes, String... more) {
    Map<String, String> variables = new HashMap<>(docker.environment());
    variables.put("IMAGESPEC_ENGINE_NETWORK", "host");
    variables.put("IMAGESPEC_ENGINE_LOGS", dir.resolve("logs").toString());
    ExternalTool.Result result =
        PackagedCli.of(command, "--json", "--classpath", classes.toString())
            .with("--project-dir", dir.resolve("project").toString())
            .with("--lock", classes + ".lock")
            .with("--registry", registry.registry(), "--name", repository)
            .with(more)
            .environment(variables)
            .run();
    assertThat(result.status()).as(result.output()).isZero();
    // The log lines come first.
    return (Map<?, ?>) Json.parse(result.output().substring(result.output().indexOf("{\n")));
  }

  private String run(String image, String... command) {
    List<String> words = new ArrayList<>(List.of("run", "--rm", "--pull=never", image));
    words.addAll(List.of(command));
    ExternalTool.Result result = docker.docker(words.toArray(String[]::new));
    assertThat(result.status()).as(result.output()).isZero();
    return result.output();
  }

  private String load(Path tar, Map<?, ?> saved) {
    ExternalTool.Result loaded = docker.docker("load", "--input", tar.toString());
    assertThat(loaded.status()).as(loaded.output()).isZero();
    String name = String.valueOf(saved.get("image"));
    assertThat(loaded.output()).contains(name);
    return name;
  }

  private static String digest(String image) {
    return ExternalTool.run("skopeo", "inspect", "--format", "{{.Digest}}", image).strip();
  }

  @Test
  void anImageRunsWithoutARegistryAndIsTheOneThatIsRegistered() throws IOException {
    Path classes =
        compile(
            "plain",
            TaskSource.of("Plain", base)
                .elements("copy", List.of(TaskSource.copy("greeting", "/greeting")))
                .texts("entrypoint", List.of("cat", "/greeting")));
    Path tar = dir.resolve("plain.tar");
    Map<?, ?> saved = imagespec("save", "plain", classes, "--to", tar.toString());
    assertThat(registry.requests("PUT", "/v2/plain/")).isZero();
    assertThat(registry.requests("POST", "/v2/plain/")).isZero();
    assertThat(run(load(tar, saved))).contains("moin");
    assertThat(digest("oci-archive:" + tar)).isEqualTo(saved.get("digest"));

    Path folder = dir.resolve("plain-folder");
    imagespec("save", "plain", classes, "--to", folder.toString());
    assertThat(digest("oci:" + folder)).isEqualTo(saved.get("digest"));
    String copied = registry.registry() + "/copied:1";
    ExternalTool.run(
        "skopeo",
        "copy",
        "--insecure-policy",
        "--dest-tls-verify=false",
        "oci:" + folder,
        "docker://" + copied);
    assertThat(
            ExternalTool.run(
                    "skopeo",
                    "inspect",
                    "--tls-verify=false",
                    "--format",
                    "{{.Digest}}",
                    "docker://" + copied)
                .strip())
        .isEqualTo(saved.get("digest"));

    Map<?, ?> registered = imagespec("register", "plain", classes);
    assertThat(registered.get("tasks").toString()).contains("@" + saved.get("digest"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"buildx", "docker", "buildah"})
  void anEnvironmentIsReadFromTheEngineThatBuiltIt(String engine) throws IOException {
    Path classes =
        compile(
            engine,
            TaskSource.of("Hello", base)
                .texts("aptPackages", List.of("hello"))
                .texts("entrypoint", List.of("hello", "--greeting", "moin " + engine)));
    Path tar = dir.resolve(engine + ".tar");
    String repository = "env/" + engine;
    Map<?, ?> saved =
        imagespec("save", repository, classes, "--engine", engine, "--to", tar.toString());
    assertThat(registry.requests("PUT", "/v2/" + repository)).isZero();
    assertThat(registry.requests("POST", "/v2/" + repository)).isZero();
    assertThat(digest("oci-archive:" + tar)).isEqualTo(saved.get("digest"));
    assertThat(run(load(tar, saved))).contains("moin " + engine);
  }

  @Test
  void ofSeveralPlatformsDockersOwnStoreTakesTheUsualOne() throws IOException {
    Path classes =
        compile(
            "many",
            TaskSource.of("Many", "scratch")
                .texts("platforms", List.of("linux/arm64", "linux/amd64"))
                .elements("copy", List.of(TaskSource.copy("greeting", "/greeting"))));
    Path tar = dir.resolve("many.tar");
    Map<?, ?> saved = imagespec("save", "many", classes, "--to", tar.toString());
    String name = load(tar, saved);
    ExternalTool.Result inspected =
        docker.docker("image", "inspect", "--format", "{{.Architecture}}", name);
    assertThat(inspected.output().strip()).isEqualTo("amd64");
    assertThat(ExternalTool.run("skopeo", "inspect", "--raw", "oci-archive:" + tar))
        .contains("arm64")
        .contains("amd64");
  }
}
