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
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Images on what the project's own Dockerfile builds, with real engines. What comes out runs. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class OwnDockerfileIT {
  private static final Path BASE = Path.of("target", "debian-base");
  private static final String CANARY = "canary-7d1e22";

  @TempDir static Path dir;

  private final List<AutoCloseable> open = new ArrayList<>();
  private DockerRegistry registry;
  private DockerDaemon docker;

  @BeforeAll
  void start() throws IOException {
    EngineTools.require("docker-registry", "buildah");
    registry = DockerRegistry.start(Files.createDirectories(dir.resolve("registry")));
    open.add(registry);
    docker = DockerDaemon.start(dir.resolve("d"));
    open.add(docker);
    String base = DebianBase.python(BASE).push(registry.registry(), "python:3", "oci");
    push("extra:1", "FROM scratch\nCOPY extra.txt /extra.txt\n", Map.of("extra.txt", "extra\n"));
    push("python:moving", "FROM " + base + "\nLABEL which=first\n", Map.of());
  }

  @AfterAll
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  /** Pushes an image that Docker builds. */
  private void push(String name, String dockerfile, Map<String, String> files) throws IOException {
    Path context = Files.createTempDirectory(dir, "image");
    write(context, "Dockerfile", dockerfile);
    for (Map.Entry<String, String> file : files.entrySet()) {
      write(context, file.getKey(), file.getValue());
    }
    docker(
        "buildx",
        "build",
        "--network=host",
        "--push",
        "--tag=" + registry.registry() + "/" + name,
        context.toString());
  }

  private String docker(String... words) {
    ExternalTool.Result result = docker.docker(words);
    assertThat(result.status()).as(result.output()).isZero();
    return result.output();
  }

  private static void write(Path folder, String name, String text) throws IOException {
    Path file = folder.resolve(name);
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, text);
  }

  /** A project with a Dockerfile of two stages, which copies from its context and from an image. */
  private Path project(String name) throws IOException {
    Path project = dir.resolve(name);
    String from = registry.registry() + "/";
    write(
        project,
        "docker/Dockerfile",
        """
        # syntax=docker/dockerfile:1
        ARG TAG=3
        FROM --platform=$TARGETPLATFORM REG/python:${TAG} AS build
        WORKDIR /src
        COPY lib/ ./
        RUN python3 -c "print('made of', open('answer.txt').read().strip())" > /made.txt \\
            # as root
            && id -u >> /made.txt
        RUN --mount=type=secret,id=token sha256sum < /run/secrets/token > /sum; ls -A > /list

        FROM REG/python:$TAG
        LABEL team="data"
        ENV GREETING=moin \\
            PATH=/opt/tool/bin:$PATH
        COPY --from=build /made.txt /sum /list /opt/tool/
        COPY --from=REG/extra:1 /extra.txt /opt/tool/extra.txt
        ADD tool.sh /opt/tool/bin/tool
        COPY lib /opt/tool/lib/
        RUN mkdir /data && chown 1000:1000 /data
        WORKDIR /data
        USER 1000
        EXPOSE 8080
        VOLUME /data
        STOPSIGNAL SIGINT
        HEALTHCHECK CMD true
        ENTRYPOINT ["/opt/tool/bin/tool"]
        CMD ["default"]
        """
            .replace("REG/", from));
    write(project, "docker/.dockerignore", "# not these\n**/*.tmp\nnotes.md\n");
    write(project, "docker/lib/answer.txt", "42\n");
    write(project, "docker/lib/left.tmp", "left\n");
    write(project, "docker/notes.md", "notes\n");
    write(project, "docker/not-copied.txt", "not copied\n");
    write(
        project, "docker/tool.sh", "#!/bin/sh\necho $GREETING $WHO $(cat /opt/tool/made.txt) $@\n");
    assertThat(project.resolve("docker/tool.sh").toFile().setExecutable(true, false)).isTrue();
    Files.createSymbolicLink(project.resolve("docker/lib/link"), Path.of("answer.txt"));
    write(project, "token", CANARY);
    write(project, "top.txt", "top\n");
    return project;
  }

  private static TaskSource task() {
    return TaskSource.ofDockerfile("Own", "docker/Dockerfile")
        .texts("secrets", List.of("token"))
        .elements("env", List.of(TaskSource.env("WHO", "world")))
        .elements("copy", List.of(TaskSource.copy("top.txt", "/opt/tool/top.txt")));
  }

  private static Path compile(Path project, TaskSource... tasks) throws IOException {
    Path classes = project.resolveSibling(project.getFileName() + "-classes");
    assertThat(TaskCompiler.compile(List.of(tasks), project, classes)).isEmpty();
    return classes;
  }

  private ExternalTool.Result imagespec(
      String command, Path project, Path classes, String... more) {
    Map<String, String> variables = new HashMap<>(docker.environment());
    variables.put("IMAGESPEC_ENGINE_NETWORK", "host");
    variables.put("IMAGESPEC_ENGINE_LOGS", dir.resolve("logs").toString());
    return PackagedCli.of(command)
        .with("--classpath", classes.toString(), "--project-dir", project.toString())
        .with("--lock", project.resolve("imagespec.lock").toString())
        .with(more)
        .environment(variables)
        .environment(Map.of("IMAGESPEC_SECRET_TOKEN", "env:HUSH", "HUSH", CANARY))
        .run();
  }

  private ExternalTool.Result registered(String engine, String name, Path project, Path classes) {
    return imagespec(
        "register",
        project,
        classes,
        "--registry",
        registry.registry(),
        "--name",
        name,
        "--engine",
        engine,
        "--record",
        record(name).toString(),
        "--verbose");
  }

  private static Path record(String name) {
    return dir.resolve(name.replace('/', '-') + ".json");
  }

  /** Registers; returns the image of the task. */
  private String register(String engine, String name, Path project, Path classes)
      throws IOException {
    ExternalTool.Result result = registered(engine, name, project, classes);
    assertThat(result.status()).as(result.output()).isZero();
    assertThat(result.output()).doesNotContain(CANARY);
    Map<?, ?> document = (Map<?, ?>) Json.parse(Files.readString(record(name)));
    return document.get("tasks") instanceof Map<?, ?> images
        ? String.valueOf(images.get("Own"))
        : "";
  }

  /** Without what a registration adds, and what builders add. */
  private static Map<String, Object> config(ReadImage image) {
    Map<String, Object> config = new TreeMap<>(image.config());
    config.remove("ArgsEscaped");
    config.remove("Healthcheck");
    if (config.get("Labels") instanceof Map<?, ?> labels) {
      Map<Object, Object> own = new TreeMap<>(labels);
      own.keySet()
          .removeIf(
              key ->
                  key.toString()
                      .matches("dev[.]imagespec[.].*|org[.]opencontainers[.]image[.]base[.].*"));
      config.put("Labels", own);
    }
    config.values().removeIf(value -> value == null || value.equals("") || value.equals(false));
    return config;
  }

  /** The files that the Dockerfile and the spec make. */
  private static Map<String, String> own(ReadImage image) {
    Map<String, String> own = new TreeMap<>(image.files());
    own.keySet().removeIf(path -> !path.matches("/(?:opt/tool/.*|data|src.*|made.txt|sum|list)"));
    return own;
  }

  @Test
  void theEnginesAgreeAndSoDoesAnExportedBuild() throws IOException, InterruptedException {
    Path project = project("agree");
    Path classes = compile(project, task());
    String buildx = register("buildx", "own/buildx", project, classes);
    String daemon = register("docker", "own/docker", project, classes);
    String buildah = register("buildah", "own/buildah", project, classes);
    for (String image : List.of(buildx, daemon, buildah)) {
      assertThat(docker("run", "--rm", image)).contains("moin world made of 42 0 default");
    }
    ReadImage one = ReadImage.ofRegistry(buildx);
    assertThat(one.config())
        .containsEntry("User", "1000")
        .containsEntry("WorkingDir", "/data")
        .containsEntry("StopSignal", "SIGINT")
        .doesNotContainKey("Healthcheck");
    assertThat(one.config().get("Env").toString())
        .contains("GREETING=moin", "PATH=/opt/tool/bin:/", "WHO=world");
    assertThat(own(one))
        .containsKeys(
            "/opt/tool/made.txt",
            "/opt/tool/extra.txt",
            "/opt/tool/top.txt",
            "/opt/tool/sum",
            "/opt/tool/lib/link")
        .doesNotContainKeys("/made.txt", "/src");
    assertThat(docker("run", "--rm", "--entrypoint=cat", buildx, "/opt/tool/list"))
        .as("the ignored file is not there")
        .doesNotContain("left.tmp")
        .contains("answer.txt");
    for (String other : List.of(daemon, buildah)) {
      assertThat(config(ReadImage.ofRegistry(other))).isEqualTo(config(one));
      assertThat(own(ReadImage.ofRegistry(other))).isEqualTo(own(one));
    }

    Path exported = dir.resolve("agree-exported");
    ExternalTool.Result export = imagespec("export", project, classes, "--to", exported.toString());
    assertThat(export.status()).as(export.output()).isZero();
    assertThat(export.output()).contains("environment/Dockerfile").contains("build-args");
    assertThat(Files.readString(exported.resolve("environment/Dockerfile")))
        .contains("@sha256:")
        .doesNotContain("syntax=", "python:");
    assertThat(exported.resolve("environment/context/not-copied.txt")).doesNotExist();
    ReadImage built = build(exported, project);
    assertThat(config(built)).isEqualTo(config(one));
    assertThat(own(built)).isEqualTo(own(one));

    for (String engine : List.of("buildx", "buildah")) {
      Path saved = dir.resolve("saved-" + engine);
      ExternalTool.Result save =
          imagespec(
              "save",
              project,
              classes,
              "--registry",
              registry.registry(),
              "--name",
              "saved/" + engine,
              "--engine",
              engine,
              "--to",
              saved.toString());
      assertThat(save.status()).as(save.output()).isZero();
      ReadImage image = ReadImage.ofLayout(saved);
      assertThat(config(image)).isEqualTo(config(one));
      assertThat(own(image)).isEqualTo(own(one));
    }
    assertThat(docker.log()).doesNotContain(CANARY);
  }

  /** Builds an exported context with the two commands that export says. */
  private ReadImage build(Path exported, Path project) throws IOException {
    String argument = Files.readString(exported.resolve("build-args")).strip();
    Path environment = exported.resolve("environment");
    docker(
        "buildx",
        "build",
        "--network=host",
        "--secret=id=token,src=" + project.resolve("token"),
        "--tag=" + argument.replace("BASE_IMAGE=", ""),
        "--file=" + environment.resolve("Dockerfile"),
        environment.resolve("context").toString());
    String name = registry.registry() + "/exported/own";
    docker(
        "buildx", "build", "--build-arg=" + argument, "--tag=" + name + ":1", exported.toString());
    docker("push", name + ":1");
    return ReadImage.ofTag(name, "1");
  }

  @Test
  void aTagThatMovesAndFilesThatAreNotReadChangeNothing() throws IOException {
    Path project = project("moves");
    write(
        project,
        "docker/Dockerfile",
        "FROM " + registry.registry() + "/python:moving\nCOPY lib /lib-of-it\n");
    Path classes = compile(project, TaskSource.ofDockerfile("Own", "docker/Dockerfile"));
    String first = register("buildx", "moves", project, classes);
    assertThat(ReadImage.ofRegistry(first).config().get("Labels").toString())
        .contains("which=first");
    long pushes = registry.requests("PUT", "/v2/moves/manifests/");

    push(
        "python:moving",
        "FROM " + registry.registry() + "/python:3\nLABEL which=second\n",
        Map.of());
    write(project, "docker/lib/left.tmp", "other\n");
    write(project, "docker/not-copied.txt", "other\n");
    assertThat(register("buildx", "moves", project, classes)).isEqualTo(first);
    assertThat(registry.requests("PUT", "/v2/moves/manifests/")).isEqualTo(pushes);

    write(project, "docker/lib/answer.txt", "43\n");
    ExternalTool.Result plan =
        imagespec(
            "plan",
            project,
            classes,
            "--registry",
            registry.registry(),
            "--name",
            "moves",
            "--record",
            record("moves").toString());
    assertThat(plan.output()).contains("lib/answer.txt").doesNotContain("left.tmp");
    for (String engine : List.of("buildx", "buildah")) {
      String changed = register(engine, "moves/" + engine, project, classes);
      assertThat(changed.substring(changed.indexOf('@')))
          .isNotEqualTo(first.substring(first.indexOf('@')));
      ReadImage image = ReadImage.ofRegistry(changed);
      assertThat(image.config().get("Labels").toString())
          .as("the lock decides, not the tag")
          .contains("which=first");
      assertThat(image.files()).containsKey("/lib-of-it/answer.txt");
    }

    assertThat(imagespec("lock", project, classes).status()).isZero();
    String moved = register("buildx", "moves", project, classes);
    assertThat(ReadImage.ofRegistry(moved).config().get("Labels").toString())
        .contains("which=second");
  }

  @ParameterizedTest
  @ValueSource(strings = {"buildx", "buildah"})
  void aFailureNamesTheLine(String engine) throws IOException {
    Path project = project("fails-" + engine);
    write(
        project,
        "docker/Dockerfile",
        "FROM "
            + registry.registry()
            + "/python:3 AS one\nRUN true\n\nFROM "
            + registry.registry()
            + "/python:3\nCOPY --from=one /etc/hostname /x\nWORKDIR /y\nRUN echo before && \\\n  exit 7\n");
    Path classes = compile(project, TaskSource.ofDockerfile("Own", "docker/Dockerfile"));
    ExternalTool.Result failed = registered(engine, "fails/" + engine, project, classes);
    assertThat(failed.status()).as(failed.output()).isEqualTo(1);
    assertThat(failed.output())
        .contains("fails at line 7 of docker/Dockerfile (RUN echo before && exit 7)")
        .contains("it ended with exit code 7");

    write(
        project,
        "docker/Dockerfile",
        "FROM " + registry.registry() + "/python:3\nCOPY --from=0 /x /x\n");
    ExternalTool.Result wrong = registered(engine, "fails/" + engine, project, classes);
    assertThat(wrong.output()).contains("docker/Dockerfile:2: there is no stage 0 before this one");

    write(
        project,
        "docker/Dockerfile",
        "FROM " + registry.registry() + "/python:3 AS one\nFROM one\nCOPY --from=one /nosuch /x\n");
    ExternalTool.Result missing = registered(engine, "fails/" + engine, project, classes);
    assertThat(missing.output()).contains("fails at line 3 of docker/Dockerfile (COPY --from=one");
  }
}
