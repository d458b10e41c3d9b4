package dev.imagespec.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.json.Json;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Manifest;
import dev.imagespec.runtime.ImageRegistrar;
import dev.imagespec.runtime.Mirror;
import dev.imagespec.runtime.Settings;
import dev.imagespec.testkit.DebianArchive;
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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The recipes that need no network, from source to a running container, with each engine. The index
 * and the archive are the test's own: they have small packages by the names and versions that the
 * recipes ask for. So does the base, which stands for all that the recipes start from.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RecipesIT {
  private static final Path BASE = Path.of("target", "debian-base");
  private static final Pattern PINNED = Pattern.compile("\"([A-Za-z][A-Za-z0-9._-]*)==([^\"]+)\"");
  private static final Pattern INDEX =
      Pattern.compile("https://(?:mlc[.]ai|flashinfer[.]ai|download[.]pytorch[.]org)/[^\"]*");

  /** The registries whose images the recipes start from. */
  private static final List<String> HOSTS = List.of("docker.io", "ghcr.io", "nvcr.io");

  private static final String SECRET = "canary-8d21f7";

  /** What runs in each task's image, and what it prints. */
  private static final Map<String, List<String>> RUNS = new LinkedHashMap<>();

  static {
    RUNS.put(
        "Pandas",
        List.of(
            "git; python3 -m pandas; echo $Debug",
            "git 1:2.39.5-0+deb12u2",
            "pandas 2.2.3",
            "True"));
    RUNS.put("SayHello", List.of("python3 -m six; python3 -m attrs", "six 1.16.0", "attrs 24.2.0"));
    RUNS.put("Ellipse", List.of("", "an ellipse"));
    RUNS.put("Train", List.of("python3 -m scikit_learn", "scikit-learn 1.5.2"));
    RUNS.put(
        "TrainOnGpu",
        List.of(
            "python3 -m torch; python3 -m numpy; echo $NVIDIA_VISIBLE_DEVICES",
            "torch 2.5.1",
            "numpy 1.26.4",
            "all"));
    RUNS.put(
        "FineTune",
        List.of("build-essential; python3 -m six", "build-essential 12.9", "six 1.16.0"));
    RUNS.put("Serve", List.of("", "serving"));
    RUNS.put("Optimize", List.of("/root/export.sh; python3 -m scipy", "exported", "scipy 1.12.0"));
    RUNS.put("Chat", List.of("python3 -m mlc_llm", "mlc-llm 0.18.dev0"));
    RUNS.put(
        "Infer",
        List.of(
            "python3 -m vllm; python3 -m flashinfer_jit_cache",
            "vllm 0.11.0",
            "flashinfer-jit-cache 0.4.0"));
    RUNS.put(
        "Private", List.of("test ! -e /run/secrets/github-token && echo no secret", "no secret"));
    RUNS.put(
        "Scoring",
        List.of("python3 -m pyarrow; python3 -m xgboost", "pyarrow 18.0.0", "xgboost 2.1.1"));
    RUNS.put(
        "Explore",
        List.of(
            "vim; python3 -m flyte; python3 -m pandas", "vim 9.0", "flyte 2.0.0", "pandas 2.2.3"));
    RUNS.put("Embeddings", List.of("echo as it is", "as it is"));
    RUNS.put("Locked", List.of("python3 -m six; python3 -m attrs", "six 1.16.0", "attrs 24.2.0"));
    RUNS.put("Hashed", List.of("python3 -m six; python3 -m attrs", "six 1.16.0", "attrs 24.2.0"));
    RUNS.put("Script", List.of("", "trained with 1.16.0"));
    RUNS.put(
        "Sources", List.of("find . -type f | sort | tr '\\n' ' '", "./fastapi/app.py ./train.py "));
    RUNS.put(
        "OwnWheel",
        List.of(
            "python3 -m acme_tools; ls /opt/dist",
            "acme-tools 1.0",
            "acme_tools-1.0-py3-none-any.whl"));
    RUNS.put(
        "OwnDockerfile",
        List.of("cat /copied; ls /app; echo $MODE", "of the project", "serve", "slow"));
    RUNS.put(
        "Render",
        List.of(
            "id -u; stat -c '%u %a %n' /assets/logo.txt; ls /assets; ffmpeg; python3 -m pillow",
            "1001", "1001 644 /assets/logo.txt", "ffmpeg 7:5.1.6", "pillow 11.0.0"));
    RUNS.put(
        "Company",
        List.of("acme-agent; ls /usr/local/share/ca-certificates", "acme-agent 1.0", "acme.crt"));
    RUNS.put("Pipeline", List.of("", "fast"));
    RUNS.put("Service", List.of("", "served"));
    RUNS.put(
        "WithExtras",
        List.of(
            "cd /opt/service; find . -type f | sort | xargs stat -c '%u:%g %a %n'",
            "1000:1000 755 ./bin/tool", "1000:1000 640 ./conf/secret.properties"));
  }

  @TempDir static Path dir;

  private final List<AutoCloseable> open = new ArrayList<>();
  private Map<String, Manifest> manifests = Map.of();
  private Map<String, Manifest> all = Map.of();
  private DockerRegistry registry;
  private DockerDaemon docker;

  @BeforeAll
  void start() throws IOException {
    EngineTools.require("docker-registry", "buildah", "dpkg-deb");
    registry = DockerRegistry.start(Files.createDirectories(dir.resolve("registry")));
    open.add(registry);
    docker = DockerDaemon.start(dir.resolve("d"));
    open.add(docker);
    Path project = Files.createDirectories(dir.resolve("project"));
    RecipesProject.write(project);
    RecipesProject.writeDebianPackage(project, Files.createDirectories(dir.resolve("package")));

    List<RecipesPage.Recipe> run =
        RecipesPage.recipes().stream().filter(RecipesPage.Recipe::isRun).toList();
    PackageIndex index = PackageIndex.anonymous(wheels(run).toArray(Wheel[]::new));
    open.add(index);
    manifests =
        RecipesPage.compile(
            run,
            text -> INDEX.matcher(text).replaceAll(index.url()),
            project,
            dir.resolve("classes"));
    all =
        RecipesPage.compile(
            RecipesPage.recipes(), RecipesIT::onThisPlatform, project, dir.resolve("all"));
    DebianArchive archive =
        DebianArchive.start(Files.createDirectories(dir.resolve("archive")), debianPackages());
    open.add(archive);
    pushBases(index, archive);
  }

  @AfterAll
  void close() throws Exception {
    for (int i = open.size() - 1; i >= 0; i--) {
      open.get(i).close();
    }
  }

  /** The test's base is for one platform alone. */
  private static String onThisPlatform(String source) {
    return source
        .replace("{\"linux/amd64\", \"linux/arm64\"}", "\"linux/amd64\"")
        .replace("\"linux/arm64\"", "\"linux/amd64\"");
  }

  private static List<Wheel> wheels(List<RecipesPage.Recipe> recipes) {
    Map<String, Wheel> wheels = new TreeMap<>();
    RecipesProject.REQUIRED.forEach(wheel -> wheels.put(wheel.file(), wheel));
    for (RecipesPage.Recipe recipe : recipes) {
      for (MatchResult pin : PINNED.matcher(recipe.source()).results().toList()) {
        Wheel wheel = new Wheel(pin.group(1), pin.group(2));
        wheels.put(wheel.file(), wheel);
      }
    }
    return List.copyOf(wheels.values());
  }

  private Map<String, String> debianPackages() {
    Map<String, String> versions = new TreeMap<>();
    for (Manifest manifest : manifests.values()) {
      for (String name : manifest.environment().aptPackages()) {
        String[] parts = name.split("=", 2);
        if (!name.startsWith("/")) {
          versions.merge(
              parts[0], parts.length == 2 ? parts[1] : "9.0", (a, b) -> a.equals("9.0") ? b : a);
        }
      }
    }
    // Those that the base has already are newer than any in this archive.
    versions.keySet().removeAll(List.of("python3", "python3-pip"));
    return versions;
  }

  /** Pushes one base under the name of each that the recipes start from. */
  private void pushBases(PackageIndex index, DebianArchive archive) throws IOException {
    String python = DebianBase.python(BASE).push(registry.registry(), "base/python:1", "oci");
    String java = DebianBase.java(BASE).push(registry.registry(), "base/java:1", "oci");
    Path context = Files.createDirectories(dir.resolve("bases"));
    Files.writeString(context.resolve("pip.conf"), "[global]\nindex-url = " + index.url() + "\n");
    Files.writeString(context.resolve("sources.list"), archive.source());
    TreeSet<String> names = new TreeSet<>(List.of("docker.io/library/debian:bookworm-slim"));
    all.values().stream()
        .map(Manifest::baseImage)
        .filter(name -> !name.isEmpty())
        .forEach(name -> names.add(ImageReference.parse(name).toString()));
    for (boolean hasJava : List.of(true, false)) {
      Files.writeString(
          context.resolve("Dockerfile"),
          "FROM "
              + (hasJava ? java : python)
              + "\nCOPY pip.conf /etc/pip.conf\nCOPY sources.list /etc/apt/sources.list\n");
      List<String> words = new ArrayList<>(List.of("buildx", "build", "--network=host", "--push"));
      names.stream()
          .filter(name -> name.contains("temurin") == hasJava)
          .map(name -> "--tag=" + name.replaceFirst("^[^/]+", registry.registry()))
          .forEach(words::add);
      words.add(context.toString());
      ExternalTool.Result built = docker.docker(words.toArray(String[]::new));
      assertThat(built.status()).as(built.output()).isZero();
    }
  }

  private Set<String> without(String task) {
    Set<String> names = new TreeSet<>(manifests.keySet());
    names.remove(task);
    return names;
  }

  /** Those that need the network, too: what a builder would get of them can be made. */
  @Test
  void eachIsExported() {
    ImageRegistrar registrar =
        ImageRegistrar.of(
            Settings.builder()
                .noMemory()
                .projectDir(dir.resolve("project"))
                .classPath(List.of(dir.resolve("all")))
                .lock(dir.resolve("all.lock"))
                .registry(registry.registry())
                .name("exported")
                .mirrors(
                    HOSTS.stream()
                        .map(host -> Mirror.parse(host + "=" + registry.registry()))
                        .toList())
                .build());
    for (Manifest manifest : all.values()) {
      // The context of a task on another task's image starts from an image that was registered.
      if (manifest.baseSpec().isEmpty()) {
        Path context = dir.resolve("exported").resolve(manifest.task());
        registrar.export(manifest.task(), context);
        assertThat(context.resolve("Dockerfile")).as(manifest.task()).exists();
      }
    }
  }

  private String[] mirrors() {
    return HOSTS.stream()
        .map(host -> "--mirror=" + host + "=" + registry.registry())
        .toArray(String[]::new);
  }

  @ParameterizedTest
  @ValueSource(strings = {"buildx", "docker", "buildah"})
  void eachIsBuiltAndRuns(String engine) throws IOException {
    Path record = dir.resolve(engine + ".json");
    Map<String, String> variables = new HashMap<>(docker.environment());
    variables.put("IMAGESPEC_ENGINE", engine);
    variables.put("IMAGESPEC_ENGINE_NETWORK", "host");
    variables.put("IMAGESPEC_ENGINE_LOGS", dir.resolve("logs").toString());
    variables.put("IMAGESPEC_SECRET_GITHUB_TOKEN", "env:HUSH");
    variables.put("HUSH", SECRET);
    ExternalTool.Result result =
        PackagedCli.of("register", "--classpath", dir.resolve("classes").toString())
            .with("--project-dir", dir.resolve("project").toString())
            .with("--lock", dir.resolve("imagespec.lock").toString())
            .with("--registry", registry.registry(), "--name", "by/" + engine)
            .with("--record", record.toString())
            .with(mirrors())
            .environment(variables)
            .run();
    assertThat(result.status()).as(result.output()).isZero();
    assertThat(result.output()).doesNotContain(SECRET);

    Map<?, ?> images = (Map<?, ?>) ((Map<?, ?>) Json.parse(Files.readString(record))).get("tasks");
    assertThat(images.keySet()).isEqualTo(manifests.keySet());
    assertThat(RUNS.keySet()).as("Common is the base of Scoring").isEqualTo(without("Common"));
    for (Map.Entry<String, List<String>> run : RUNS.entrySet()) {
      List<String> words = new ArrayList<>(List.of("run", "--rm", "--network=host"));
      String command = run.getValue().get(0);
      if (!command.isEmpty()) {
        words.add("--entrypoint=/bin/sh");
      }
      words.add(String.valueOf(images.get(run.getKey())));
      if (!command.isEmpty()) {
        words.addAll(List.of("-c", command));
      }
      ExternalTool.Result out = docker.docker(words.toArray(String[]::new));
      assertThat(out.output())
          .as(run.getKey())
          .contains(run.getValue().subList(1, run.getValue().size()));
      assertThat(out.status()).as(run.getKey() + ": " + out.output()).isZero();
    }
  }
}
