package dev.imagespec.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.json.Json;
import dev.imagespec.model.Digest;
import dev.imagespec.testkit.DebianBase;
import dev.imagespec.testkit.DockerDaemon;
import dev.imagespec.testkit.DockerRegistry;
import dev.imagespec.testkit.ExternalTool;
import dev.imagespec.testkit.PackageIndex;
import dev.imagespec.testkit.Wheel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tasks with steps, registered by the packaged command line with real engines: Docker's, with
 * buildx and without, and buildah. What comes out runs.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class EnvironmentIT {
  private static final Path BASE = Path.of("target", "debian-base");
  private static final String CANARY = "canary-0c55a4";
  private static final List<String> IMPORT =
      List.of(
          "python3",
          "-c",
          "import tiny_one, tiny_two; print(tiny_one.__version__, tiny_two.__version__)");

  @TempDir static Path dir;

  private final List<AutoCloseable> open = new ArrayList<>();
  private DockerRegistry registry;
  private PackageIndex index;
  private DockerDaemon docker;
  private String base = "";

  @BeforeAll
  void start() throws IOException {
    EngineTools.require("docker-registry", "buildah");
    registry = DockerRegistry.start(Files.createDirectories(dir.resolve("registry")));
    open.add(registry);
    index =
        PackageIndex.anonymous(
            new Wheel("tiny-one", "1.2.0"),
            new Wheel("tiny-two", "0.3.1"),
            // Stand-ins for what the examples ask for.
            new Wheel("flytekit", "1.16.0"),
            new Wheel("numpy", "2.1.0"),
            new Wheel("pandas", "2.2.3"));
    open.add(index);
    docker = DockerDaemon.start(dir.resolve("d"));
    open.add(docker);
    base = DebianBase.python(BASE).push(registry.registry(), "python:3", "oci");
    Files.createDirectories(project());
    Files.writeString(
        project().resolve("image-requirements.txt"), "tiny-one==1.2.0\n-r more.txt # and more\n");
    Files.writeString(project().resolve("more.txt"), "tiny-two==0.3.1\n");
    Files.writeString(project().resolve("token"), CANARY);
  }

  @AfterAll
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  private static Path project() {
    return dir.resolve("project");
  }

  /** The task of the page "ImageSpec with ECR", with an index of its own. */
  private TaskSource sayHello() {
    return TaskSource.of("SayHello", base)
        .text("requirements", "image-requirements.txt")
        .text("pipIndex", index.url());
  }

  private TaskSource hello() {
    return TaskSource.of("Hello", base)
        .texts("aptPackages", List.of("hello"))
        .text("user", "1000")
        .texts("entrypoint", List.of("hello", "--greeting", "moin"));
  }

  private TaskSource steps() {
    return TaskSource.of("Steps", base)
        .texts("packages", List.of("tiny-two==0.3.1"))
        .text("pipIndex", index.url())
        .texts(
            "commands",
            List.of(
                "id -u > /who; printf 'a$b\"c\\' > /text",
                "cat /run/secrets/token; sha256sum < /run/secrets/token > /sum; mkdir -m 1777 /shared"))
        .texts("secrets", List.of("token"))
        .elements("env", List.of(TaskSource.env("GREETING", "$moin")));
  }

  /** Steps that need files of the project alone, and copies with patterns and owners on top. */
  private TaskSource local() throws IOException {
    Path wheels = Files.createDirectories(project().resolve("wheels"));
    for (Wheel wheel : List.of(new Wheel("tiny-one", "1.2.0"), new Wheel("tiny-two", "0.3.1"))) {
      Files.write(wheels.resolve(wheel.file()), wheel.bytes());
    }
    Files.writeString(wheels.resolve("README"), "not for the image");
    Files.writeString(
        project().resolve("local.txt"), "--no-index\n--find-links /opt/wheels\ntiny-two==0.3.1\n");
    Files.writeString(project().resolve("public"), "not a secret");
    Path deb = Files.createDirectories(dir.resolve("deb/DEBIAN"));
    Files.writeString(
        deb.resolve("control"),
        "Package: local-tool\nVersion: 1.2\nArchitecture: all\nMaintainer: a <a@example.org>\n"
            + "Description: nothing\n");
    Files.writeString(
        Files.createDirectories(dir.resolve("deb/usr/share/local-tool")).resolve("x"), "tool");
    ExternalTool.run(
        "dpkg-deb",
        "--root-owner-group",
        "--build",
        dir.resolve("deb").toString(),
        project().resolve("local-tool.deb").toString());
    Files.writeString(
        project().resolve("setup.sh"),
        "#!/bin/sh\nset -e\nstat -c '%u:%g %a %n' /opt/set/up.sh /tmp > /seen\n");
    Files.createDirectories(project().resolve("data/sub"));
    Files.writeString(project().resolve("data/sub/a.csv"), "a");
    Files.writeString(project().resolve("data/run"), "run");
    Files.writeString(project().resolve("data/b.tmp"), "b");
    Files.writeString(project().resolve(".dockerignore"), "# temporary\n**/*.tmp\n");
    return TaskSource.of("Local", base)
        .texts("aptPackages", List.of("/opt/debs/local-tool.deb"))
        .texts("packages", List.of("/opt/wheels/tiny_one-1.2.0-py3-none-any.whl"))
        .text("requirements", "local.txt")
        .texts("commands", List.of("/opt/set/up.sh"))
        .elements(
            "copy",
            List.of(
                TaskSource.copy("local-tool.deb", "/opt/debs/", "in = Copy.In.STEPS"),
                TaskSource.copy("wheels", "/opt/wheels", "include = \"*.whl\", in = Copy.In.STEPS"),
                TaskSource.copy(
                    "setup.sh",
                    "/opt/set/up.sh",
                    "mode = \"0700\", owner = \"7:8\", in = Copy.In.STEPS"),
                TaskSource.copy("setup.sh", "/tmp/kept/", "in = Copy.In.STEPS"),
                TaskSource.copy(
                    "data",
                    "/opt/data",
                    "owner = \"1000:100\", ignoreFile = \".dockerignore\", modes = @Mode(pattern ="
                        + " \"run\", mode = \"0755\")"),
                TaskSource.copy("public", "/opt/data/sub/root/", "mode = \"0600\"")));
  }

  private static Path compile(String folder, TaskSource... tasks) throws IOException {
    Path classes = dir.resolve(folder);
    assertThat(TaskCompiler.compile(List.of(tasks), project(), classes)).isEmpty();
    return classes;
  }

  private ExternalTool.Result imagespec(
      Map<String, String> environment, String command, Path classes, String... more) {
    return PackagedCli.of(command)
        .with("--classpath", classes.toString(), "--project-dir", project().toString())
        .with("--lock", classes + ".lock")
        .with(more)
        .flags("-Dorg.slf4j.simpleLogger.defaultLogLevel=trace")
        .environment(engines())
        .environment(Map.of("IMAGESPEC_SECRET_TOKEN", "env:HUSH", "HUSH", CANARY))
        .environment(environment)
        .run();
  }

  private Map<String, String> engines() {
    Map<String, String> variables = new HashMap<>(docker.environment());
    variables.put("IMAGESPEC_ENGINE_NETWORK", "host");
    variables.put("IMAGESPEC_ENGINE_LOGS", dir.resolve("logs").toString());
    return variables;
  }

  /** Registers; returns which image each task has. */
  private Map<String, String> register(String engine, String name, Path classes)
      throws IOException {
    return register(Map.of(), engine, name, classes);
  }

  private Map<String, String> register(
      Map<String, String> environment, String engine, String name, Path classes)
      throws IOException {
    Path record = dir.resolve(name.replace('/', '-') + ".json");
    List<String> words =
        new ArrayList<>(
            List.of(
                "--registry",
                registry.registry(),
                "--name",
                name,
                "--engine",
                engine,
                "--record",
                record.toString(),
                "--verbose"));
    ExternalTool.Result result =
        imagespec(environment, "register", classes, words.toArray(String[]::new));
    assertThat(result.status()).as(result.output()).isZero();
    assertThat(result.output()).doesNotContain(CANARY);
    return tasks(record);
  }

  private static Map<String, String> tasks(Path record) throws IOException {
    Map<String, String> tasks = new TreeMap<>();
    Map<?, ?> document = (Map<?, ?>) Json.parse(Files.readString(record));
    if (document.get("tasks") instanceof Map<?, ?> images) {
      images.forEach((task, image) -> tasks.put((String) task, (String) image));
    }
    return tasks;
  }

  private String run(String image, List<String> command) {
    List<String> words = new ArrayList<>(List.of("run", "--rm", "--network=host", image));
    words.addAll(command);
    ExternalTool.Result result = docker.docker(words.toArray(String[]::new));
    assertThat(result.status()).as(result.output()).isZero();
    return result.output();
  }

  private static String image(Map<String, String> tasks, String task) {
    return tasks.getOrDefault(task, "");
  }

  @Test
  void thePagesExampleRunsAndIsBuiltOnce() throws IOException {
    Path classes = compile("page", sayHello());
    long before = index.downloads();
    Map<String, String> first = register("buildx", "page", classes);
    assertThat(run(image(first, "SayHello"), IMPORT)).contains("1.2.0 0.3.1");
    assertThat(index.downloads() - before).isEqualTo(2);
    assertThat(
            ExternalTool.run(
                "skopeo",
                "inspect",
                "--raw",
                "--tls-verify=false",
                "docker://" + image(first, "SayHello")))
        .as("whatever the engine pushed")
        .contains("application/vnd.oci.image.manifest.v1+json")
        .doesNotContain("vnd.docker");
    long pushes = registry.requests("PUT", "/v2/page/manifests/");
    assertThat(pushes).as("the environment, the image").isEqualTo(2);

    assertThat(register("buildx", "page", classes)).isEqualTo(first);
    assertThat(registry.requests("PUT", "/v2/page/manifests/")).isEqualTo(pushes);

    Path changed =
        compile("changed", sayHello().elements("env", List.of(TaskSource.env("VERSION", "2"))));
    Map<String, String> second =
        register(
            Map.of("PATH", Files.createDirectories(dir.resolve("no-programs")).toString()),
            "buildx",
            "page",
            changed);
    assertThat(run(image(second, "SayHello"), List.of("sh", "-c", "echo v$VERSION")))
        .as("a change of code needs no engine")
        .contains("v2");
    assertThat(run(image(second, "SayHello"), IMPORT)).contains("1.2.0 0.3.1");
    assertThat(index.downloads() - before).isEqualTo(2);
  }

  @Test
  void theEnginesAgreeOnConfigurationAndFilesAndWithAnExportedBuild() throws IOException {
    Path classes = compile("engines", sayHello(), hello(), steps(), local());
    Map<String, String> buildx = register("buildx", "by/buildx", classes);
    Map<String, String> daemon = register("docker", "by/docker", classes);
    Map<String, String> buildah = register("buildah", "by/buildah", classes);
    assertThat(run(image(buildx, "Hello"), List.of())).contains("moin");
    assertThat(run(image(daemon, "Hello"), List.of())).contains("moin");
    assertThat(run(image(buildah, "Hello"), List.of())).contains("moin");
    assertThat(run(image(buildah, "SayHello"), IMPORT)).contains("1.2.0 0.3.1");
    assertThat(run(image(buildx, "Local"), IMPORT)).contains("1.2.0 0.3.1");
    assertThat(run(image(buildah, "Local"), IMPORT)).contains("1.2.0 0.3.1");
    for (String task : List.of("SayHello", "Hello", "Steps", "Local")) {
      ReadImage one = ReadImage.ofRegistry(image(buildx, task));
      ReadImage two = ReadImage.ofRegistry(image(daemon, task));
      ReadImage three = ReadImage.ofRegistry(image(buildah, task));
      assertThat(config(two)).as(task).isEqualTo(config(one));
      assertThat(config(three)).as(task).isEqualTo(config(one));
      ReadImage exported = exported(classes, task);
      assertThat(config(exported)).as("%s, exported", task).isEqualTo(config(one));
      assertThat(own(two)).as(task).isEqualTo(own(one));
      assertThat(own(three)).as(task).isEqualTo(own(one));
      assertThat(own(exported)).as("%s, exported", task).isEqualTo(own(one));
    }
    Map<String, String> files = ReadImage.ofRegistry(image(buildx, "Steps")).files();
    assertThat(files)
        .containsEntry("/who", "644 0:0 " + digest("0\n"))
        .containsEntry("/text", "644 0:0 " + digest("a$b\"c\\"))
        .containsKey("/sum");
    assertThat(files.getOrDefault("/shared", "")).startsWith("1777 0:0 folder");
    assertThat(ReadImage.ofRegistry(image(buildx, "Hello")).config()).containsEntry("User", "1000");
    Map<String, String> local = own(ReadImage.ofRegistry(image(buildah, "Local")));
    assertThat(local)
        .containsEntry("/seen", "644 0:0 " + digest("7:8 700 /opt/set/up.sh\n0:0 1777 /tmp\n"))
        .containsEntry("/usr/share/local-tool/x", "644 0:0 " + digest("tool"))
        .containsEntry("/opt/data", "755 1000:100 folder")
        .containsEntry("/opt/data/run", "755 1000:100 " + digest("run"))
        .containsEntry("/opt/data/sub", "755 1000:100 folder")
        .containsEntry("/opt/data/sub/a.csv", "644 1000:100 " + digest("a"))
        .containsEntry("/opt/data/sub/root", "755 0:0 folder")
        .containsEntry("/opt/data/sub/root/public", "600 0:0 " + digest("not a secret"))
        .containsEntry("/opt/set", "755 0:0 folder")
        .containsKeys("/opt/wheels/tiny_two-0.3.1-py3-none-any.whl", "/tmp/kept/setup.sh")
        .doesNotContainKeys("/opt/data/b.tmp", "/opt/wheels/README");
    noSecretStays();
  }

  private static String digest(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8)).toString();
  }

  /** Without what a registration adds, and what builders add. */
  private static Map<String, Object> config(ReadImage image) {
    Map<String, Object> config = new TreeMap<>(image.config());
    config.remove("ArgsEscaped");
    if (config.get("Labels") instanceof Map<?, ?> labels) {
      Map<Object, Object> own = new TreeMap<>(labels);
      own.keySet()
          .removeIf(
              key ->
                  key.toString()
                      .matches("dev[.]imagespec[.].*|org[.]opencontainers[.]image[.]base[.].*"));
      config.put("Labels", own.isEmpty() ? "" : own);
    }
    config.values().removeIf(value -> value == null || value.equals("") || value.equals(false));
    return config;
  }

  /** The files that the specs name: packages and what commands write. */
  private static Map<String, String> own(ReadImage image) {
    Map<String, String> own = new TreeMap<>(image.files());
    own.keySet()
        .removeIf(
            path ->
                !path.matches(
                    "/(?:who|text|sum|shared|seen|opt(?:/.*)?|tmp/kept.*|usr/share/local-tool.*|usr/bin/hello|usr/local/lib/python3[.0-9]*/dist-packages/tiny_(?:one|two)[.]py)"));
    return own;
  }

  private ReadImage exported(Path classes, String task) throws IOException {
    Path context = dir.resolve("exported").resolve(task);
    ExternalTool.Result export =
        imagespec(Map.of(), "export", classes, "--class", task, "--to", context.toString());
    assertThat(export.status()).as(export.output()).isZero();
    return build(context, task, "");
  }

  /**
   * Has Docker build an exported context.
   *
   * @param mirror where the base is to be read from instead of its own registry; empty for that
   */
  private ReadImage build(Path context, String task, String mirror) throws IOException {
    String name = registry.registry() + "/exported/" + task.toLowerCase(java.util.Locale.ROOT);
    List<String> words =
        new ArrayList<>(
            List.of(
                "buildx",
                "build",
                "--network=host",
                "--secret=id=token,src=" + project().resolve("token"),
                "--push",
                "--tag=" + name + ":1"));
    for (String argument : Files.readAllLines(context.resolve("build-args"))) {
      words.add(
          "--build-arg="
              + (mirror.isEmpty()
                  ? argument
                  : argument.replaceFirst("=(?:docker|ghcr)[.]io/", "=" + mirror + "/")));
    }
    words.add(context.toString());
    ExternalTool.Result built = docker.docker(words.toArray(String[]::new));
    assertThat(built.status()).as(built.output()).isZero();
    return ReadImage.ofTag(name, "1");
  }

  /** Neither in the registry, nor in the daemon, nor in logs and records. */
  private void noSecretStays() {
    ExternalTool.Result found =
        ExternalTool.attempt(
            Map.of(),
            "grep",
            "-rl",
            "--devices=skip",
            CANARY,
            dir.resolve("registry").toString(),
            dir.resolve("logs").toString(),
            dir.resolve("d").resolve("dockerd.log").toString(),
            dir.resolve("d").resolve("data").toString());
    assertThat(found.output()).isEmpty();
    assertThat(docker.log()).doesNotContain(CANARY);
  }

  @Test
  void uvInstallsWhereTheBaseHasItAndABaseWithoutPipSaysWhatItLacks() throws IOException {
    Path context = Files.createDirectories(dir.resolve("other-bases"));
    Files.writeString(context.resolve("uv"), "#!/bin/sh\nprintf '%s\\n' \"$@\" > /uv-was-told\n");
    Files.writeString(
        context.resolve("Dockerfile"),
        "FROM "
            + base
            + " AS with\nCOPY --chmod=755 uv /usr/local/bin/uv\nFROM "
            + base
            + " AS without\nRUN rm -r /usr/lib/python3/dist-packages/pip\n");
    for (String target : List.of("with", "without")) {
      ExternalTool.Result built =
          docker.docker(
              "buildx",
              "build",
              "--network=host",
              "--push",
              "--target=" + target,
              "--tag=" + registry.registry() + "/bases/" + target + ":1",
              context.toString());
      assertThat(built.status()).as(built.output()).isZero();
    }
    Path classes =
        compile(
            "uv",
            TaskSource.of("Uv", registry.registry() + "/bases/with:1")
                .texts("packages", List.of("tiny-two==0.3.1"))
                .text("pipIndex", index.url()),
            TaskSource.of("Lacking", registry.registry() + "/bases/without:1")
                .texts("packages", List.of("tiny-two==0.3.1"))
                .text("pipIndex", index.url()));
    Path record = dir.resolve("uv.json");
    ExternalTool.Result result =
        imagespec(
            Map.of(),
            "register",
            classes,
            "--registry",
            registry.registry(),
            "--name",
            "uv",
            "--record",
            record.toString());
    assertThat(result.output())
        .contains("The environment of Lacking fails at packages")
        .contains("The base image lacks what installs Python packages");
    Map<String, String> files = ReadImage.ofRegistry(image(tasks(record), "Uv")).files();
    assertThat(files)
        .containsEntry(
            "/uv-was-told",
            "644 0:0 "
                + digest(
                    "pip\ninstall\n--python\npython3\n--break-system-packages\n--index-url\n"
                        + index.url()
                        + "\n--\ntiny-two==0.3.1\n"));
  }

  /** The project's own examples, on bases of their names that find their packages here. */
  @Test
  void everyExampleIsBuiltAsItIsRegistered() throws IOException {
    Path context = Files.createDirectories(dir.resolve("stand-in"));
    Files.writeString(
        context.resolve("Dockerfile"),
        "FROM "
            + base
            + "\nRUN printf '[global]\\nindex-url = "
            + index.url()
            + "\\n' > /etc/pip.conf\nUSER 65534\n");
    String hub = registry.registry() + "/hub";
    List<String> words = new ArrayList<>(List.of("buildx", "build", "--network=host", "--push"));
    for (String name :
        List.of(
            "/library/eclipse-temurin:17.0.13_11-jre",
            "/library/python:3.12.7-slim-bookworm",
            "/flyteorg/flytekit:py3.11-1.16.0")) {
      words.add("--tag=" + hub + name);
    }
    words.add(context.toString());
    ExternalTool.Result standIn = docker.docker(words.toArray(String[]::new));
    assertThat(standIn.status()).as(standIn.output()).isZero();
    Path classes = Path.of("target", "classes").toAbsolutePath();
    Path record = dir.resolve("examples.json");
    Path lock = dir.resolve("examples.lock");
    String[] common = {
      "--project-dir",
      Path.of("").toAbsolutePath().toString(),
      "--lock",
      lock.toString(),
      "--mirror",
      "docker.io=" + hub,
      "--mirror",
      "ghcr.io=" + hub
    };
    ExternalTool.Result result =
        command(
            "register",
            classes,
            common,
            "--no-registrars",
            "--registry",
            registry.registry(),
            "--record",
            record.toString());
    // The stand-in is for one platform; one example is for two, and says that it has failed.
    assertThat(result.output()).contains("does not exist for linux/arm64");
    Map<String, String> tasks = tasks(record);
    assertThat(tasks.keySet())
        .map(task -> task.substring(task.lastIndexOf('.') + 1))
        .containsExactlyInAnyOrder(
            "SayHello",
            "Forecast",
            "Report",
            "WordCount",
            "TrainModel",
            "EvaluateModel",
            "Extract",
            "Transform");
    for (Map.Entry<String, String> task : tasks.entrySet()) {
      Path folder = dir.resolve("exported").resolve(task.getKey());
      ExternalTool.Result export =
          command("export", classes, common, "--class", task.getKey(), "--to", folder.toString());
      assertThat(export.status()).as(export.output()).isZero();
      ReadImage registered = ReadImage.ofRegistry(task.getValue());
      ReadImage built = build(folder, task.getKey(), hub);
      assertThat(config(built)).as(task.getKey()).isEqualTo(config(registered));
      Map<String, String> files = steady(registered);
      assertThat(files).as(task.getKey()).isNotEmpty();
      Map<String, String> others = steady(built);
      others.entrySet().removeAll(files.entrySet());
      files.entrySet().removeAll(steady(built).entrySet());
      // What runs a container makes it as a builder does.
      others.remove(String.valueOf(registered.config().get("WorkingDir")));
      assertThat(others).as(task.getKey()).isEqualTo(files);
    }
  }

  /** Without what differs between two runs of the same steps: caches, logs, compiled files. */
  private static Map<String, String> steady(ReadImage image) {
    Map<String, String> files = new TreeMap<>(image.files());
    files
        .keySet()
        .removeIf(
            path ->
                path.matches(
                    "/(?:dev|proc|sys|run|tmp|root|var/cache|var/log|var/lib/(?:apt|dpkg)|etc/ld[.]so[.]cache).*|.*[.]pyc|.*/(?:direct_url[.]json|RECORD)"));
    return files;
  }

  private ExternalTool.Result command(
      String command, Path classes, String[] common, String... more) {
    return PackagedCli.of(command, "--classpath", classes.toString())
        .with(common)
        .with(more)
        .environment(engines())
        .run();
  }

  @Test
  void aPackageThatDoesNotExistIsNamedAndTheOtherImagesAreDone() throws IOException {
    Path classes =
        compile(
            "failing",
            TaskSource.of("Failing", base).texts("aptPackages", List.of("hello", "nosuchpkg")),
            TaskSource.of("FailingPip", base)
                .texts("packages", List.of("tiny-one==1.2.0", "nosuchpip==1"))
                .text("pipIndex", index.url()),
            TaskSource.of("FailingCommand", base).texts("commands", List.of("true", "exit 7")),
            hello());
    for (String engine : List.of("buildx", "buildah")) {
      Path record = dir.resolve("failing-" + engine + ".json");
      ExternalTool.Result result =
          imagespec(
              Map.of(),
              "register",
              classes,
              "--registry",
              registry.registry(),
              "--name",
              "failing/" + engine,
              "--engine",
              engine,
              "--record",
              record.toString());
      assertThat(result.status()).as(result.output()).isEqualTo(1);
      assertThat(result.output())
          .contains("fails at aptPackages[1] \"nosuchpkg\" of Failing: it ended with exit code 100")
          .contains(
              "fails at packages[1] \"nosuchpip==1\" of FailingPip: it ended with exit code 1")
          .contains("fails at commands[1] \"exit 7\" of FailingCommand: it ended with exit code 7");
      assertThat(tasks(record)).containsOnlyKeys("Hello");
      assertThat(tags("failing/" + engine))
          .as("an environment and an image")
          .hasSize(2)
          .allMatch(tag -> tag.startsWith("env1-") || tag.startsWith("is1-"));
    }
  }

  private List<String> tags(String repository) {
    String answer =
        ExternalTool.run(
            "skopeo",
            "list-tags",
            "--tls-verify=false",
            "docker://" + registry.registry() + "/" + repository);
    List<String> tags = new ArrayList<>();
    if (((Map<?, ?>) Json.parse(answer)).get("Tags") instanceof List<?> list) {
      list.forEach(tag -> tags.add((String) tag));
    }
    return tags;
  }

  @Test
  void withoutAnEngineTheErrorSaysWhatToInstall() throws IOException {
    Path classes = compile("missing", hello(), TaskSource.of("Plain", base));
    Path empty = Files.createDirectories(dir.resolve("empty"));
    Path record = dir.resolve("missing.json");
    ExternalTool.Result result =
        imagespec(
            Map.of("PATH", empty.toString()),
            "register",
            classes,
            "--registry",
            registry.registry(),
            "--name",
            "missing",
            "--record",
            record.toString());
    assertThat(result.status()).isEqualTo(1);
    assertThat(result.output())
        .contains("no engine can run the steps here")
        .contains("buildx: `docker buildx` does not run")
        .contains("buildah: `buildah` does not run")
        .contains("(Debian: docker.io and docker-buildx)");
    assertThat(tasks(record)).containsOnlyKeys("Plain");
  }

  @Test
  void aDaemonThatDiesIsOneErrorAndNothingIsRegistered() throws Exception {
    Path classes =
        compile(
            "dying",
            TaskSource.of("Dying", base).texts("commands", List.of("sleep 600")),
            TaskSource.of("Plain", base));
    Path record = dir.resolve("dying.json");
    try (DockerDaemon other = DockerDaemon.start(dir.resolve("e"))) {
      CompletableFuture<ExternalTool.Result> running =
          CompletableFuture.supplyAsync(
              () ->
                  imagespec(
                      Map.of("DOCKER_HOST", other.host()),
                      "register",
                      classes,
                      "--registry",
                      registry.registry(),
                      "--name",
                      "dying",
                      "--engine",
                      "buildx",
                      "--record",
                      record.toString()));
      while (!running.isDone() && !runs("sleep 600")) {
        Thread.sleep(50);
      }
      other.kill();
      ExternalTool.Result result = running.get();
      assertThat(result.status()).as(result.output()).isEqualTo(1);
      assertThat(result.output())
          .contains("The environment of Dying cannot be built: buildx failed");
      assertThat(tasks(record)).containsOnlyKeys("Plain");
      assertThat(tags("dying")).hasSize(1).allMatch(tag -> tag.startsWith("is1-"));
    }
  }

  @Test
  void aRegistrationThatIsToldToEndEndsItsEngineAndLeavesNoCredential() throws Exception {
    Path classes =
        compile(
            "ended",
            TaskSource.of("Ended", base)
                .texts("commands", List.of("sleep 733"))
                .texts("secrets", List.of("token")));
    Path temporary = Files.createDirectories(dir.resolve("tmp"));
    for (String engine : List.of("buildx", "buildah")) {
      Process process =
          PackagedCli.of("register", "--classpath", classes.toString())
              .with("--project-dir", project().toString())
              .with("--registry", registry.registry(), "--name", "ended", "--engine", engine)
              .flags("-Djava.io.tmpdir=" + temporary)
              .environment(engines())
              .environment(Map.of("IMAGESPEC_SECRET_TOKEN", "env:HUSH", "HUSH", CANARY))
              .start(dir.resolve("ended.log"));
      while (process.isAlive() && !runs("sleep 733")) {
        Thread.sleep(50);
      }
      assertThat(configurations(temporary)).as("%s has credentials", engine).hasSize(1);
      assertThat(runs(CANARY)).as("a list of processes shows the secret").isFalse();
      process.destroy();
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
      while (runs("sleep 733") && System.nanoTime() < deadline) {
        // A daemon ends the step when it notices that its client has gone.
        Thread.sleep(50);
      }
      assertThat(runs("sleep 733")).as(engine).isFalse();
      assertThat(configurations(temporary)).as(engine).isEmpty();
    }
    assertThat(registry.requests("PUT", "/v2/ended/manifests/")).isZero();
  }

  private static List<Path> configurations(Path folder) throws IOException {
    try (Stream<Path> tree = Files.walk(folder)) {
      return tree.filter(path -> path.endsWith("config.json")).toList();
    }
  }

  @Test
  void aCacheInARegistryMakesAFreshMachineWarm() throws IOException {
    Path classes =
        compile(
            "cached",
            TaskSource.of("Cached", base)
                .texts("packages", List.of("tiny-one==1.2.0"))
                .text("pipIndex", index.url()));
    for (String machine : List.of("first", "second")) {
      Path storage = dir.resolve("storage-" + machine);
      Path conf = dir.resolve(machine + ".conf");
      Files.writeString(
          conf,
          "[storage]\ndriver = \"overlay\"\ngraphroot = \""
              + storage
              + "\"\nrunroot = \""
              + storage
              + "-run\"\n");
      long before = index.downloads();
      ExternalTool.Result result =
          imagespec(
              Map.of(
                  "CONTAINERS_STORAGE_CONF",
                  conf.toString(),
                  "TMPDIR",
                  Files.createDirectories(dir.resolve(machine)).toString(),
                  "IMAGESPEC_ENGINE_CACHE",
                  registry.registry() + "/cache"),
              "register",
              classes,
              "--registry",
              registry.registry(),
              "--name",
              "cached/" + machine,
              "--engine",
              "buildah");
      // Its mounts stay when buildah ends.
      ExternalTool.attempt(
          Map.of(),
          "sh",
          "-c",
          "umount -l \"$0\"/overlay/*/merged \"$0\"/overlay; rm -rf \"$0\"",
          storage.toString());
      assertThat(result.status()).as(result.output()).isZero();
      assertThat(index.downloads() - before).as(machine).isEqualTo(machine.equals("first") ? 1 : 0);
    }
  }

  private static boolean runs(String command) {
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      return all.anyMatch(process -> process.info().commandLine().orElse("").contains(command));
    }
  }

  @Test
  void aFullDiskIsOneErrorThatSaysSo() throws IOException {
    Path classes = compile("full", hello(), TaskSource.of("Plain", base));
    Path record = dir.resolve("full.json");
    try (DockerDaemon small = DockerDaemon.startWithin(dir.resolve("f"), 64L << 20)) {
      ExternalTool.Result result =
          imagespec(
              Map.of("DOCKER_HOST", small.host()),
              "register",
              classes,
              "--registry",
              registry.registry(),
              "--name",
              "full",
              "--engine",
              "buildx",
              "--record",
              record.toString());
      assertThat(result.status()).as(result.output()).isEqualTo(1);
      assertThat(result.output())
          .contains("buildx has no space left on its device. Free some there");
      assertThat(tasks(record)).containsOnlyKeys("Plain");
    }
  }

  @Test
  void twoProcessesThatWantOneEnvironmentBothSucceedWithOneImage() throws Exception {
    Path classes =
        compile(
            "race",
            TaskSource.of("Race", base).texts("commands", List.of("sleep 2; date +%N > /when")));
    List<CompletableFuture<Map<String, String>>> both = new ArrayList<>();
    for (String engine : List.of("buildx", "buildah")) {
      Path record = dir.resolve("race-" + engine + ".json");
      both.add(
          CompletableFuture.supplyAsync(
              () -> {
                ExternalTool.Result result =
                    imagespec(
                        Map.of(),
                        "register",
                        classes,
                        "--registry",
                        registry.registry(),
                        "--name",
                        "race",
                        "--engine",
                        engine,
                        "--record",
                        record.toString());
                assertThat(result.status()).as(result.output()).isZero();
                try {
                  return tasks(record);
                } catch (IOException e) {
                  throw new IllegalStateException(e);
                }
              }));
    }
    assertThat(both.get(0).get()).isEqualTo(both.get(1).get()).containsOnlyKeys("Race");
    assertThat(tags("race")).hasSize(2);
  }

  @Test
  void twoDaemonsShareTheWorkAndStandInForEachOther() throws IOException {
    Path config = Files.createDirectories(dir.resolve("pool"));
    try (DockerDaemon other = DockerDaemon.start(dir.resolve("g"))) {
      Map<String, String> environment = new HashMap<>(docker.environment());
      environment.put("DOCKER_CONFIG", config.toString());
      for (Map.Entry<String, String> context :
          Map.of("one", docker.host(), "two", other.host()).entrySet()) {
        ExternalTool.Result made =
            ExternalTool.attempt(
                environment,
                DockerDaemon.client().toString(),
                "context",
                "create",
                context.getKey(),
                "--docker",
                "host=" + context.getValue());
        assertThat(made.status()).as(made.output()).isZero();
      }
      List<TaskSource> tasks = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        tasks.add(
            TaskSource.of("Task" + i, base).texts("commands", List.of("echo " + i + " > /n")));
      }
      Path classes = compile("pool-classes", tasks.toArray(TaskSource[]::new));
      String[] words = {
        "--registry",
        registry.registry(),
        "--name",
        "pool",
        "--engine",
        "buildx",
        "--builder",
        "one,two",
        "--verbose"
      };
      ExternalTool.Result result =
          imagespec(Map.of("DOCKER_CONFIG", config.toString()), "register", classes, words);
      assertThat(result.status()).as(result.output()).isZero();
      assertThat(tags("pool")).hasSize(12);
      assertThat(other.log() + docker.log()).isNotEmpty();
      other.kill();
      String[] again = words.clone();
      again[3] = "pool2";
      ExternalTool.Result alone =
          imagespec(Map.of("DOCKER_CONFIG", config.toString()), "register", classes, again);
      assertThat(alone.status()).as(alone.output()).isZero();
      assertThat(tags("pool2")).hasSize(12);
    }
  }
}
