package dev.imagespec.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.json.Json;
import dev.imagespec.model.Digest;
import dev.imagespec.testkit.DebianBase;
import dev.imagespec.testkit.DockerDaemon;
import dev.imagespec.testkit.DockerRegistry;
import dev.imagespec.testkit.ExternalTool;
import dev.imagespec.testkit.Journal;
import dev.imagespec.testkit.PackageFile;
import dev.imagespec.testkit.PackageIndex;
import dev.imagespec.testkit.SourceDistribution;
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
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * Environments from locks of Python packages, built from nothing by two engines with pip: the same
 * files, and nothing else is asked of the indexes.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PythonLockIT {
  private static final Path BASE = Path.of("target", "debian-base");

  /** Needs a package that the lock does not have: nothing is resolved, so nobody asks for it. */
  private static final Wheel ONE = new Wheel("tiny-one", "1.2.0", List.of("not-locked>=1"));

  private static final Wheel TWO = new Wheel("tiny-two", "0.3.1");
  private static final Wheel TORCH = new Wheel("tiny-torch", "2.5.1+cpu");
  private static final SourceDistribution SOURCE =
      new SourceDistribution("tiny-source", "1.0", "tiny_one");

  @TempDir static Path dir;

  private final List<AutoCloseable> open = new ArrayList<>();
  private DockerRegistry registry;
  private PackageIndex index;
  private PackageIndex own;
  private DockerDaemon docker;
  private String base = "";

  @BeforeAll
  void start() throws IOException {
    EngineTools.require("docker-registry", "buildah");
    registry = DockerRegistry.start(Files.createDirectories(dir.resolve("registry")));
    open.add(registry);
    index = PackageIndex.anonymous(ONE, new Wheel("tiny-one", "1.3.0"), TWO, SOURCE);
    open.add(index);
    own = PackageIndex.anonymous(TORCH);
    open.add(own);
    docker = DockerDaemon.start(dir.resolve("d"));
    open.add(docker);
    base = DebianBase.python(BASE).push(registry.registry(), "python:3", "oci");
    Files.createDirectories(project());
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

  private static String hash(PackageFile file) {
    return Digest.of(file.bytes()).hex();
  }

  private static String locked(PackageIndex from, PackageFile file, String more) {
    String table =
        "{url = \"https://files.example/"
            + file.file()
            + "\", hashes = {sha256 = \""
            + hash(file)
            + "\"}}";
    return "[[packages]]\nname = \""
        + file.name()
        + "\"\nversion = \""
        + file.version()
        + "\"\nindex = \""
        + from.url()
        + "\"\n"
        + more
        + (file instanceof Wheel ? "wheels = [" + table + "]\n" : "sdist = " + table + "\n");
  }

  private static void lock(String file, String head, String... packages) throws IOException {
    Files.writeString(
        project().resolve(file),
        "lock-version = \"1.0\"\ncreated-by = \"test\"\n" + head + String.join("", packages));
  }

  private static Path compile(String folder, TaskSource task) throws IOException {
    Path classes = dir.resolve(folder);
    assertThat(TaskCompiler.compile(List.of(task), project(), classes)).isEmpty();
    return classes;
  }

  private ExternalTool.Result register(String engine, String name, Path classes) {
    Map<String, String> environment = new HashMap<>(docker.environment());
    environment.put("IMAGESPEC_ENGINE_NETWORK", "host");
    environment.put("IMAGESPEC_ENGINE_LOGS", dir.resolve("logs").toString());
    return PackagedCli.of("register")
        .with("--classpath", classes.toString(), "--project-dir", project().toString())
        .with("--lock", classes + ".lock", "--registry", registry.registry(), "--name", name)
        .with("--engine", engine, "--record", record(name).toString(), "--verbose")
        .environment(environment)
        .run();
  }

  private static Path record(String name) {
    return dir.resolve(name.replace('/', '-') + ".json");
  }

  /** Registers the only task, and reads its image. */
  private ReadImage image(String engine, String name, Path classes) throws IOException {
    ExternalTool.Result result = register(engine, name, classes);
    assertThat(result.status()).as(result.output()).isZero();
    return ReadImage.ofRegistry(reference(name));
  }

  private static String reference(String name) throws IOException {
    Map<?, ?> document = (Map<?, ?>) Json.parse(Files.readString(record(name)));
    if (document.get("tasks") instanceof Map<?, ?> tasks) {
      return tasks.values().iterator().next().toString();
    }
    throw new IOException("no tasks in " + document);
  }

  /**
   * The files of the packages. Without bytecode, which has the times of its sources in it. That
   * pip's own records name no times, this shows.
   */
  private static Map<String, String> packages(ReadImage image) {
    Map<String, String> own = new TreeMap<>(image.files());
    own.keySet()
        .removeIf(
            path ->
                !path.matches("/usr/local/lib/python3[.0-9]*/dist-packages/.+")
                    || path.matches(".*/__pycache__.*"));
    return own;
  }

  /** The projects that an index was asked for. */
  private static List<String> asked(PackageIndex index) {
    return index.journal().entries().stream()
        .filter(entry -> !entry.operation().equals("GET wheel"))
        .map(Journal.Entry::path)
        .distinct()
        .sorted()
        .toList();
  }

  /** What Docker builds from the exported context of the only task. */
  private ReadImage exported(Path classes) throws IOException {
    Path context = dir.resolve("exported");
    ExternalTool.Result export =
        PackagedCli.of("export", "--classpath", classes.toString(), "--class", "Locked")
            .with("--project-dir", project().toString(), "--lock", classes + ".lock")
            .with("--to", context.toString())
            .run();
    assertThat(export.status()).as(export.output()).isZero();
    String name = registry.registry() + "/exported/lock";
    List<String> words =
        new ArrayList<>(List.of("buildx", "build", "--no-cache", "--network=host", "--push"));
    words.add("--tag=" + name + ":1");
    Files.readAllLines(context.resolve("build-args"))
        .forEach(argument -> words.add("--build-arg=" + argument));
    words.add(context.toString());
    ExternalTool.Result built = docker.docker(words.toArray(String[]::new));
    assertThat(built.status()).as(built.output()).isZero();
    return ReadImage.ofTag(name, "1");
  }

  @Test
  void aLockGivesTheSameFilesByTwoEngines() throws IOException {
    lock(
        "pylock.toml",
        "requires-python = \">=3.7\"\n",
        locked(index, ONE, ""),
        locked(index, TWO, "marker = \"python_version >= '3.7' and sys_platform == 'linux'\"\n"),
        locked(index, new Wheel("colorama", "0.4.6"), "marker = \"os_name == 'nt'\"\n"),
        locked(index, new Wheel("backport", "1.0"), "marker = \"python_version < '3.7'\"\n"),
        locked(own, TORCH, ""),
        locked(index, SOURCE, ""));
    Path classes =
        compile(
            "locked",
            TaskSource.of("Locked", base)
                .text("requirements", "pylock.toml")
                .flag("pipNoBuildIsolation"));
    index.journal().clear();
    own.journal().clear();
    ReadImage one = image("buildx", "lock/buildx", classes);
    assertThat(asked(index))
        .as("nothing but what is locked for this image")
        .containsExactly("/simple/tiny-one/", "/simple/tiny-source/", "/simple/tiny-two/");
    assertThat(asked(own)).containsExactly("/simple/tiny-torch/");
    assertThat(index.downloads()).isEqualTo(3);
    assertThat(own.downloads()).isEqualTo(1);

    assertThat(packages(exported(classes))).as("exported").isEqualTo(packages(one));
    assertThat(index.downloads()).isEqualTo(6);
    ReadImage two = image("buildah", "lock/buildah", classes);
    assertThat(index.downloads()).as("built from nothing").isEqualTo(9);
    assertThat(packages(two)).isEqualTo(packages(one));
    lock("pylock.toml", "", locked(index, ONE, ""));
    assertThat(packages(image("buildah", "lock/other", classes)).keySet())
        .as("the same step with another lock is not taken from a cache")
        .noneMatch(path -> path.contains("tiny_two"));
    assertThat(packages(one).keySet())
        .anyMatch(path -> path.endsWith("/tiny_one.py"))
        .anyMatch(path -> path.endsWith("/tiny_one-1.2.0.dist-info/RECORD"))
        .anyMatch(path -> path.endsWith("/tiny_two.py"))
        .anyMatch(path -> path.endsWith("/tiny_torch-2.5.1+cpu.dist-info/METADATA"))
        .anyMatch(path -> path.endsWith("/tiny_source.py"))
        .noneMatch(path -> path.contains("1.3.0") || path.contains("not_locked"));
    ExternalTool.Result run =
        docker.docker(
            "run",
            "--rm",
            "--network=host",
            reference("lock/buildah"),
            "python3",
            "-c",
            "import tiny_one, tiny_source, tiny_torch; print(tiny_one.__version__,"
                + " tiny_source.__version__, tiny_torch.__version__)");
    assertThat(run.output()).contains("1.2.0 1.0 2.5.1+cpu");
  }

  @Test
  void aFileThatWasExchangedOnTheIndexIsRefused() throws IOException {
    Wheel exchanged = new Wheel("tiny-two", "0.3.1", List.of("evil"));
    try (PackageIndex other = PackageIndex.anonymous(exchanged)) {
      lock("pylock.other.toml", "", locked(other, TWO, ""));
      Path classes =
          compile(
              "exchanged",
              TaskSource.of("Exchanged", base).text("requirements", "pylock.other.toml"));
      for (String engine : List.of("buildx", "buildah")) {
        ExternalTool.Result result = register(engine, "exchanged/" + engine, classes);
        assertThat(result.status()).isNotZero();
        assertThat(result.output())
            .contains("requirements \"pylock.other.toml\" of Exchanged")
            .contains("The index has another file than the locked one of tiny-two==0.3.1 (")
            .contains("its hash is " + hash(exchanged));
      }
      assertThat(asked(other)).containsExactly("/simple/tiny-two/");
      assertThat(registry.requests("PUT", "/v2/exchanged/")).as("nothing is pushed").isZero();
    }
  }

  @Test
  void requirementsWithHashesAreAllThatIsInstalled() throws IOException {
    Files.writeString(
        project().resolve("hashed.txt"),
        Stream.of(ONE, TWO)
            .map(one -> one.name() + "==" + one.version() + " --hash=sha256:" + hash(one) + "\n")
            .reduce("", String::concat));
    Path classes =
        compile(
            "hashed",
            TaskSource.of("Hashed", base)
                .text("requirements", "hashed.txt")
                .text("pipIndex", index.url()));
    index.journal().clear();
    ReadImage image = image("buildah", "hashed", classes);
    assertThat(asked(index)).containsExactly("/simple/tiny-one/", "/simple/tiny-two/");
    assertThat(packages(image).keySet()).anyMatch(path -> path.endsWith("/tiny_one.py"));
  }

  @Test
  void packagesOfAnIndexOfTheirOwnComeFromThereInOneStep() throws IOException {
    Path classes =
        compile(
            "own",
            TaskSource.of("Own", base)
                .texts("packages", List.of("tiny-two==0.3.1"))
                .text("pipIndex", index.url())
                .elements(
                    "pipIndexes",
                    List.of(
                        "@PipIndex(url = \"" + own.url() + "\", packages = \"tiny-torch==2.5.1\")"))
                .texts("pipArgs", List.of("--no-compile")));
    index.journal().clear();
    ReadImage image = image("buildah", "own", classes);
    assertThat(asked(index)).containsExactly("/simple/tiny-two/");
    assertThat(packages(image).keySet())
        .anyMatch(path -> path.endsWith("/tiny_torch.py"))
        .anyMatch(path -> path.endsWith("/tiny_two.py"));
    assertThat(image.files().keySet())
        .as("pip got --no-compile")
        .noneMatch(path -> path.matches("/usr/local/.*[.]pyc"));
  }

  /** No uv is at hand: a program of its name says what it was told. */
  @Test
  void uvIsToldToInstallExactlyToo() throws IOException {
    Path context = Files.createDirectories(dir.resolve("uv"));
    Files.writeString(context.resolve("uv"), "#!/bin/sh\nprintf '%s\\n' \"$@\" >> /uv-was-told\n");
    Files.writeString(
        context.resolve("Dockerfile"),
        "FROM " + base + "\nCOPY --chmod=755 uv /usr/local/bin/uv\n");
    String withUv = registry.registry() + "/bases/uv:1";
    ExternalTool.Result built =
        docker.docker(
            "buildx", "build", "--network=host", "--push", "--tag=" + withUv, context.toString());
    assertThat(built.status()).as(built.output()).isZero();
    lock("pylock.uv.toml", "", locked(index, TWO, ""), locked(own, TORCH, ""));
    Path classes =
        compile(
            "with-uv",
            TaskSource.of("WithUv", withUv)
                .text("requirements", "pylock.uv.toml")
                .flag("pipPre")
                .texts("pipArgs", List.of("--link-mode=copy")));
    String told =
        "pip\ninstall\n--python\npython3\n--break-system-packages\n--prerelease\nallow\n"
            + "--link-mode=copy\n--require-hashes\n--no-deps\n-r\n/tmp/imagespec-requirements/";
    assertThat(image("buildx", "with-uv", classes).files())
        .containsEntry(
            "/uv-was-told",
            "644 0:0 "
                + Digest.of(
                    (told + "00001.txt\n" + told + "00002.txt\n")
                        .getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void aLockForAnotherPythonFailsInTheStepIfTheBaseDoesNotSayItsOwn() throws IOException {
    lock("pylock.old.toml", "requires-python = \"<3\"\n", locked(index, TWO, ""));
    Path classes =
        compile("old", TaskSource.of("Old", base).text("requirements", "pylock.old.toml"));
    index.journal().clear();
    ExternalTool.Result result = register("buildah", "old", classes);
    assertThat(result.status()).isNotZero();
    assertThat(result.output())
        .contains(
            "error: the lock that requirements names is for Python <3, and this is Python 3.");
    assertThat(asked(index)).isEmpty();
  }
}
