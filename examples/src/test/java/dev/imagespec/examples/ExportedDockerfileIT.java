package dev.imagespec.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.imagespec.model.Digest;
import dev.imagespec.runtime.ImageRegistrar;
import dev.imagespec.runtime.Registration;
import dev.imagespec.runtime.Settings;
import dev.imagespec.testkit.DockerRegistry;
import dev.imagespec.testkit.ExternalTool;
import dev.imagespec.testkit.TestJar;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiFunction;
import java.util.stream.Stream;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * No text of an annotation becomes an instruction: what the compiler does not refuse comes out of
 * an independent builder, and out of a registration, exactly as it was written.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ExportedDockerfileIT {
  private static final String[] TOOLS = {"buildah", "busybox", "docker-registry"};
  private static final String SCRATCH = "scratch";
  private static final int THREADS = 8;

  /** File systems take 255 bytes, and a kernel a program's argument of 128 KiB. */
  private static final int SHORT = 200;

  @TempDir static Path dir;

  private final Map<String, Map<String, Object>> configs = new HashMap<>();
  private final Map<String, Map<String, String>> files = new HashMap<>();
  private final Map<String, ReadImage> built = new ConcurrentHashMap<>();
  private final Map<String, ReadImage> registered = new ConcurrentHashMap<>();
  private final List<AutoCloseable> open = new ArrayList<>();
  private Map<String, Map<String, Optional<String>>> verdicts = Map.of();
  private String registry = "";

  @BeforeAll
  void everythingIsBuiltAndRegistered() throws IOException, InterruptedException {
    Optional<String> missing = ExternalTool.missing(TOOLS);
    assumeTrue(missing.isEmpty(), missing.orElse(""));
    assumeTrue(
        ExternalTool.required() || "root".equals(System.getProperty("user.name")),
        "chroot needs root");
    Files.createDirectories(project());
    Files.writeString(project().resolve("file"), "content");
    verdicts = verdicts();
    DockerRegistry server = DockerRegistry.start(Files.createDirectories(dir.resolve("registry")));
    open.add(server);
    registry = server.registry();
    pushBase();

    List<TaskSource> tasks = new ArrayList<>();
    List<String> multiline = new ArrayList<>(HostileText.all());
    multiline.removeAll(accepted("env"));
    tasks.add(task("Multiline", multiline));
    for (String text : accepted("env")) {
      tasks.add(task("Text" + tasks.size(), List.of(text)));
    }
    tasks.add(ports());
    tasks.addAll(onBase());
    tasks.add(owned());
    assertThat(TaskCompiler.compile(tasks, project(), dir.resolve("classes"))).isEmpty();
    Settings settings = settings("classes");
    Registration registration = ImageRegistrar.of(settings).register();
    assertThat(registration.failures()).isEmpty();
    inParallel(
        tasks.stream().map(TaskSource::name).toList(),
        name -> {
          Path exported = dir.resolve("exported").resolve(name);
          ImageRegistrar.of(settings).export(name, exported);
          built.put(name, build(name, exported));
          registered.put(
              name, ReadImage.ofRegistry(String.valueOf(registration.tasks().get(name))));
        });
  }

  @AfterAll
  void close() throws Exception {
    for (AutoCloseable one : open) {
      one.close();
    }
  }

  @Test
  void aTextIsRefusedWithACodeOrCompiles() {
    SoftAssertions softly = new SoftAssertions();
    data()
        .keySet()
        .forEach(
            attribute ->
                verdicts(attribute)
                    .forEach(
                        (text, code) -> {
                          if (!attribute.equals("from") || isFileName(text)) {
                            softly
                                .assertThat(code.orElse("IMG000"))
                                .as("%s of %s", attribute, text)
                                .matches("IMG[0-9]{3}")
                                .isNotEqualTo("IMG099");
                          }
                        }));
    softly.assertAll();
    assertThat(verdicts("env")).containsEntry("a\nRUN evil", Optional.of("IMG017"));
    assertThat(verdicts("commands")).containsEntry("a\nRUN evil", Optional.empty());
  }

  @Test
  void aNameHasNoCharacterThatMeansAnything() {
    names()
        .keySet()
        .forEach(
            attribute ->
                assertThat(accepted(attribute))
                    .as(attribute)
                    .allMatch(text -> text.matches("[A-Za-z0-9_.:/-]*")));
  }

  @Test
  void whatCompilesComesOutExactly() {
    SoftAssertions softly = new SoftAssertions();
    configs.forEach(
        (name, config) -> {
          softly.assertThat(configOf(built, name)).as("%s, built", name).isEqualTo(config);
          softly
              .assertThat(configOf(registered, name))
              .as("%s, registered", name)
              .isEqualTo(config);
        });
    files.forEach(
        (name, entries) -> {
          softly
              .assertThat(filesOf(built, name))
              .as("%s, built", name)
              .containsAllEntriesOf(entries);
          softly
              .assertThat(filesOf(registered, name))
              .as("%s, registered", name)
              .containsAllEntriesOf(entries);
        });
    softly.assertAll();
  }

  @Test
  void aBuildHasTheFilesOfARegistration() {
    SoftAssertions softly = new SoftAssertions();
    assertThat(built.keySet()).isEqualTo(registered.keySet());
    for (String name : built.keySet()) {
      Map<String, String> expected = filesOf(registered, name);
      Map<String, String> actual = new TreeMap<>(filesOf(built, name));
      // What runs a container makes these as a builder does, if they are missing.
      Set<String> made = folders(String.valueOf(configOf(built, name).get("WorkingDir")));
      made.removeAll(expected.keySet());
      actual.keySet().removeAll(made);
      softly.assertThat(actual).as(name).isEqualTo(expected);
    }
    softly.assertAll();
  }

  @Test
  void theCommandLinesContextIsTheSameWhateverItsMaskIs() throws IOException, InterruptedException {
    Path exported = dir.resolve("exported").resolve("masked");
    PackagedCli export =
        PackagedCli.of("export", "--classpath", dir.resolve("classes").toString())
            .with("--project-dir", project().toString())
            .with("--class", "Flags", "--to", exported.toString());
    List<String> words = new ArrayList<>(List.of("sh", "-c", "umask 077; exec \"$@\"", "sh"));
    words.addAll(List.of(export.words()));
    ExternalTool.run(words.toArray(String[]::new));
    assertThat(build("masked", exported).files()).isEqualTo(filesOf(registered, "Flags"));
  }

  @Test
  void commandsRunAsTheyAreWritten() throws IOException, InterruptedException {
    Map<String, String> expected = new TreeMap<>();
    StringBuilder all = new StringBuilder("mkdir /out");
    List<String> texts = accepted("commands").stream().filter(t -> t.length() <= SHORT).toList();
    for (int i = 0; i < texts.size(); i++) {
      all.append("\nprintf %s ").append(quoted(texts.get(i))).append(" > /out/").append(i);
      expected.put("/out/" + i, file(texts.get(i)));
    }
    expected.put("/printed", file("a$b\"c\\"));
    expected.put("/heredoc", file("# syntax=evil\nUSER evil\n$A \\\n"));
    expected.put("/expanded", file("2 $A\n"));
    expected.put("/long", file("#".repeat(20_000) + "\n"));
    expected.put("/secret", file("hush"));
    expected.put("/copied", file("content"));
    expected.put("/steps/$A `id`/file", file("content"));
    expected.put("/steps/own", "644 5:6 " + digest("content"));

    Set<String> packages = new TreeSet<>(shortOnes("aptPackages"));
    packages.add("git:arm64=1:2.39~x+b1");
    List<String> apt = new ArrayList<>(List.of("install", "-y", "--no-install-recommends", "--"));
    apt.addAll(packages);
    expected.put("/apt", file(String.join("\0", apt) + "\0"));
    Set<String> requirements = new TreeSet<>(shortOnes("packages"));
    requirements.add("x; os_name == '$(id)\"\\ `id` <<EOF'");
    requirements.add("y==1; os_name == \"'$A'\"");
    List<String> pip =
        new ArrayList<>(List.of("-m", "pip", "install", "--index-url", "https://x.example/'$(id)"));
    pip.addAll(List.of("--extra-index-url", "https://y.example/;$A&'x'"));
    pip.addAll(List.of("-r", "/tmp/imagespec-requirements/requirements.txt", "--"));
    pip.addAll(requirements);
    expected.put("/pip", file(String.join("\0", pip) + "\0"));
    expected.put("/requirements", file("z; os_name == '$(id) `id` <<EOF'\n"));
    Files.writeString(
        project().resolve("requirements"),
        "# escape=`\nz; os_name == '$(id) `id` <<EOF' # comments stay here\n");

    TaskSource task =
        TaskSource.of("Steps", registry + "/base:1")
            .texts("aptPackages", List.copyOf(packages))
            .texts("packages", List.copyOf(requirements))
            .text("requirements", "requirements")
            .text("pipIndex", "https://x.example/'$(id)")
            .texts("pipExtraIndexUrls", List.of("https://y.example/;$A&'x'"))
            .texts("secrets", List.of("token"))
            .elements("env", List.of(TaskSource.env("BASE_USER", "evil")))
            .elements(
                "copy",
                List.of(
                    TaskSource.copy("file", "/steps/$A `id`/", "in = Copy.In.STEPS"),
                    TaskSource.copy("file", "/steps/own", "owner = \"5:6\", in = Copy.In.STEPS")))
            .texts(
                "commands",
                List.of(
                    all.toString(),
                    "printf '%s' 'a$b\"c\\' > /printed",
                    "cat > /heredoc <<'EOF'\n# syntax=evil\nUSER evil\n$A \\\nEOF\n",
                    "cat <<EOF > /expanded\n$((1+1)) \\$A\nEOF",
                    "cat > /long <<EOF\n" + "#".repeat(20_000) + "\nEOF",
                    "cat /run/secrets/token > /secret",
                    "cat '/steps/$A `id`/file' > /copied"));
    assertThat(TaskCompiler.compile(List.of(task), project(), dir.resolve("steps"))).isEmpty();
    Path exported = dir.resolve("exported").resolve("Steps");
    Settings settings = settings("steps");
    ImageRegistrar.of(settings).export("Steps", exported);
    Path secret = Files.writeString(dir.resolve("secret"), "hush");
    ReadImage image = build("Steps", exported, "--secret=id=token,src=" + secret);
    assertThat(image.files()).containsAllEntriesOf(expected);
    assertThat(image.config()).as("the base's own").containsEntry("User", "7");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"/.wh.etc", "/x/.wh..wh..opq", "/.wh.etc/passwd", "/.wh.etc/", "/..", "/x/.."})
  void nothingIsCopiedToADeletionOrTheRoot(String to) throws IOException {
    TaskSource task =
        TaskSource.of("Refused", SCRATCH).elements("copy", List.of(TaskSource.copy("file", to)));
    assertThat(TaskCompiler.compile(List.of(task), project(), dir.resolve("refused")))
        .isEqualTo(Map.of("Refused", List.of("IMG013")));
  }

  /** The attributes whose texts are data, and a task that has a text there alone. */
  private static Map<String, BiFunction<TaskSource, String, TaskSource>> data() {
    Map<String, BiFunction<TaskSource, String, TaskSource>> map = new LinkedHashMap<>();
    map.put("env", (t, s) -> t.elements("env", List.of(TaskSource.env("A", s))));
    map.put("label", (t, s) -> t.elements("labels", List.of(TaskSource.label("a", s))));
    map.put("label name", (t, s) -> t.elements("labels", List.of(TaskSource.label(s, "a"))));
    map.put("entrypoint", (t, s) -> t.texts("entrypoint", List.of(s)));
    map.put("args", (t, s) -> t.texts("args", List.of(s)));
    map.put("jvmFlags", (t, s) -> t.main().texts("jvmFlags", List.of("-X" + s)));
    map.put("user", (t, s) -> t.text("user", s));
    map.put("workingDirectory", (t, s) -> t.text("workingDirectory", "/" + s));
    map.put("volumes", (t, s) -> t.texts("volumes", List.of("/" + s)));
    map.put("from", (t, s) -> t.elements("copy", List.of(TaskSource.copy(s, "/x"))));
    map.put("to", (t, s) -> t.elements("copy", List.of(TaskSource.copy("file", "/" + s))));
    map.put("commands", (t, s) -> t.texts("commands", List.of(s)));
    map.put("aptPackages", (t, s) -> t.texts("aptPackages", List.of(s)));
    map.put("packages", (t, s) -> t.texts("packages", List.of(s)));
    return map;
  }

  /** The attributes whose texts have a grammar of their own. */
  private static Map<String, BiFunction<TaskSource, String, TaskSource>> names() {
    Map<String, BiFunction<TaskSource, String, TaskSource>> map = new LinkedHashMap<>();
    map.put("env name", (t, s) -> t.elements("env", List.of(TaskSource.env(s, "a"))));
    map.put("ports", (t, s) -> t.texts("ports", List.of(s)));
    map.put("platforms", (t, s) -> t.texts("platforms", List.of(s)));
    map.put("secrets", (t, s) -> t.texts("secrets", List.of(s)));
    map.put("registry", (t, s) -> t.text("registry", s));
    return map;
  }

  /** For each attribute and text what the compiler says to it: nothing, or an error's code. */
  private static Map<String, Map<String, Optional<String>>> verdicts() throws IOException {
    Map<String, BiFunction<TaskSource, String, TaskSource>> attributes =
        new LinkedHashMap<>(data());
    attributes.putAll(names());
    List<TaskSource> sources = new ArrayList<>();
    for (BiFunction<TaskSource, String, TaskSource> attribute : attributes.values()) {
      for (String text : HostileText.all()) {
        sources.add(attribute.apply(TaskSource.of("Probe" + sources.size(), "b:1"), text));
      }
    }
    Map<String, List<String>> refused =
        TaskCompiler.compile(sources, project(), dir.resolve("probes"), "-proc:only");
    Map<String, Map<String, Optional<String>>> all = new LinkedHashMap<>();
    int n = 0;
    for (String attribute : attributes.keySet()) {
      Map<String, Optional<String>> texts = new LinkedHashMap<>();
      for (String text : HostileText.all()) {
        texts.put(text, Optional.ofNullable(refused.get("Probe" + n++)).map(codes -> codes.get(0)));
      }
      all.put(attribute, texts);
    }
    return all;
  }

  private Map<String, Optional<String>> verdicts(String attribute) {
    return verdicts.getOrDefault(attribute, Map.of());
  }

  private List<String> accepted(String attribute) {
    return verdicts(attribute).entrySet().stream()
        .filter(entry -> entry.getValue().isEmpty())
        .map(Map.Entry::getKey)
        .toList();
  }

  private Set<String> shortOnes(String attribute) {
    Set<String> texts = new TreeSet<>(accepted(attribute));
    texts.removeIf(text -> text.length() > SHORT);
    return texts;
  }

  /** A task with the texts in each attribute that takes them. */
  private TaskSource task(String name, List<String> texts) throws IOException {
    TaskSource task = TaskSource.of(name, SCRATCH);
    Map<String, Object> config = new TreeMap<>();
    Map<String, String> labels = new TreeMap<>(Map.of("name", name));
    for (String text : texts) {
      if (isAccepted("label", text)) {
        labels.put("value", text);
      }
      if (isAccepted("label name", text)) {
        labels.put(text, "value");
      }
      if (isAccepted("env", text)) {
        task.elements("env", List.of(TaskSource.env("A", text)));
        config.put("Env", Map.of("A", text));
      }
      if (isAccepted("user", text) && !text.isEmpty()) {
        task.text("user", text);
        config.put("User", text);
      }
      if (isAccepted("volumes", text)) {
        task.texts("volumes", List.of("/v" + text));
        config.put("Volumes", new TreeSet<>(List.of("/v" + text)));
      }
      if (isAccepted("workingDirectory", text) && isFileName(text)) {
        task.text("workingDirectory", "/w/w/" + text);
        config.put("WorkingDir", normal("/w/w/" + text));
      }
    }
    labels(task, labels);
    config.put("Labels", labels);
    List<String> entrypoint = new ArrayList<>(List.of("/x"));
    texts.stream().filter(text -> isAccepted("entrypoint", text)).forEach(entrypoint::add);
    entrypoint.add("last");
    task.texts("entrypoint", entrypoint);
    config.put("Entrypoint", entrypoint);
    List<String> args = texts.stream().filter(text -> isAccepted("args", text)).toList();
    task.texts("args", args);
    config.put("Cmd", args);
    task.elements("copy", copies(name, texts));
    configs.put(name, config);
    return task;
  }

  private List<String> copies(String name, List<String> texts) throws IOException {
    List<String> copies = new ArrayList<>();
    Map<String, String> entries = new TreeMap<>();
    for (String text : texts.stream().filter(ExportedDockerfileIT::isFileName).toList()) {
      String folder = name + copies.size() + "/";
      Path from = project().resolve(folder + text);
      Files.createDirectories(project().resolve(folder + "a"));
      if (isAccepted("from", text) && !Files.isDirectory(from)) {
        Files.createDirectories(project().resolve(folder + text + "/..").normalize());
        Files.writeString(from, text);
        String to = "/from" + copies.size();
        copies.add(TaskSource.copy(folder + text, to));
        entries.put(to, file(text));
      }
      if (isAccepted("to", text)) {
        String to = "/to/" + copies.size() + "/" + text;
        copies.add(TaskSource.copy("file", to));
        entries.put(normal(to) + (to.endsWith("/") ? "/file" : ""), file("content"));
      }
    }
    if (copies.isEmpty()) {
      copies.add(TaskSource.copy("file", "/file"));
    }
    files.put(name, entries);
    return copies;
  }

  /** Copies in copies, with owners and patterns, below folders that the base has. */
  private TaskSource owned() throws IOException {
    String odd = "a $A \"'\\ é";
    Files.createDirectories(project().resolve("owned/sub/empty"));
    Files.writeString(project().resolve("owned/" + odd), "odd");
    Files.writeString(project().resolve("owned/sub/run"), "run");
    Files.writeString(project().resolve("owned/sub/x.tmp"), "x");
    files.put(
        "Owned",
        Map.ofEntries(
            Map.entry("/own", "755 0:0 folder"),
            Map.entry("/own/$A b", "755 1000:100 folder"),
            Map.entry("/own/$A b/" + odd, "644 1000:100 " + digest("odd")),
            Map.entry("/own/$A b/sub", "755 1000:100 folder"),
            Map.entry("/own/$A b/sub/empty", "755 1000:100 folder"),
            Map.entry("/own/$A b/sub/run", "644 1000:100 " + digest("run")),
            Map.entry("/own/$A b/sub/root", "755 0:0 folder"),
            Map.entry("/own/$A b/sub/root/file", "600 0:0 " + digest("content")),
            Map.entry("/own/$A b/sub/root/deep", "755 1000660000:1000660000 folder"),
            Map.entry(
                "/own/$A b/sub/root/deep/run", "755 1000660000:1000660000 " + digest("run"))));
    return TaskSource.of("Owned", SCRATCH)
        .texts("entrypoint", List.of("/x"))
        .elements(
            "copy",
            List.of(
                TaskSource.copy("owned", "/own/$A b", "owner = \"1000:100\""),
                TaskSource.copy("file", "/own/$A b/sub/root/", "mode = \"0600\""),
                TaskSource.copy(
                    "owned/sub",
                    "/own/$A b/sub/root/deep",
                    "owner = \"1000660000\", include = \"?u*\", modes = @Mode(pattern = \"r[t-v]n\","
                        + " mode = \"0755\")")));
  }

  private TaskSource ports() {
    configs.put(
        "Ports",
        Map.of(
            "ExposedPorts",
            new TreeSet<>(List.of("53/udp", "80/tcp", "9000/tcp", "9001/tcp", "9002/tcp"))));
    return TaskSource.of("Ports", SCRATCH)
        .elements("copy", List.of(TaskSource.copy("file", "/file")))
        .texts("ports", List.of("53/udp", "00080", "9000-9002", "9001/tcp"));
  }

  /** Tasks on a base that has settings of its own. */
  private List<TaskSource> onBase() {
    String base = registry + "/base:1";
    Map<String, Object> all = new TreeMap<>();
    all.put("Env", Map.of("PATH", "/bin", "A", "base $A"));
    all.put("Labels", Map.of("a", "base", "b", "base"));
    all.put("Entrypoint", List.of("/base"));
    all.put("Cmd", List.of("base"));
    all.put("User", "7");
    all.put("WorkingDir", "/base");
    all.put("Volumes", new TreeSet<>(List.of("/base")));
    all.put("ExposedPorts", new TreeSet<>(List.of("1/tcp")));

    Map<String, Object> entrypoint = new TreeMap<>(all);
    entrypoint.put("Entrypoint", List.of("/own"));
    entrypoint.remove("Cmd");
    configs.put("OwnEntrypoint", entrypoint);
    List<String> java = new ArrayList<>(List.of("java"));
    List<String> jvmFlags = accepted("jvmFlags").stream().map(text -> "-X" + text).toList();
    java.addAll(jvmFlags);
    java.addAll(List.of("-cp", "@/app/classpath", "Flags"));
    Map<String, Object> flags = new TreeMap<>(entrypoint);
    flags.put("Entrypoint", java);
    configs.put("Flags", flags);
    Map<String, Object> args = new TreeMap<>(all);
    args.put("Cmd", List.of("own"));
    configs.put("OwnArgs", args);
    Map<String, Object> rest = new TreeMap<>(all);
    rest.put("Env", Map.of("PATH", "$PATH:/own", "A", "base $A", "B", "${A}"));
    rest.put("Labels", Map.of("a", "own", "b", "base", "$A", "${A}"));
    rest.put("User", "own:8");
    rest.put("WorkingDir", "/${a}");
    rest.put("Volumes", new TreeSet<>(List.of("/base", "/$A")));
    rest.put("ExposedPorts", new TreeSet<>(List.of("1/tcp", "2/tcp")));
    rest.put("StopSignal", "SIGRTMIN+3");
    configs.put("OwnRest", rest);
    Map<String, Object> folders = new TreeMap<>(all);
    folders.put(
        "Env",
        Map.of("PATH", "/a \"b\" $c\\:/d:/bin", "A", "base $A", "LD_LIBRARY_PATH", "/lib/$x"));
    configs.put("Folders", folders);
    Map<String, Object> alone = new TreeMap<>();
    alone.put(
        "Env", Map.of("PATH", "/d:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"));
    configs.put("FoldersAlone", alone);
    applications(entrypoint, all);
    return List.of(
        TaskSource.of("Boot", base).application("boot.jar", "/opt/$a b"),
        TaskSource.of("Web", base).application("web.war", "/webapps/ROOT"),
        TaskSource.of("Flags", base).main().texts("jvmFlags", jvmFlags),
        TaskSource.of("OwnEntrypoint", base).texts("entrypoint", List.of("/own")),
        TaskSource.of("Folders", base)
            .elements(
                "env",
                List.of(
                    TaskSource.prepend("PATH", "/a \"b\" $c\\:/d"),
                    TaskSource.prepend("LD_LIBRARY_PATH", "/lib/$x"))),
        TaskSource.of("FoldersAlone", SCRATCH)
            .elements("copy", List.of(TaskSource.copy("file", "/file")))
            .elements("env", List.of(TaskSource.prepend("PATH", "/d"))),
        TaskSource.of("OwnArgs", base).texts("args", List.of("own")),
        labels(TaskSource.of("OwnRest", base), Map.of("a", "own", "$A", "${A}"))
            .elements(
                "env", List.of(TaskSource.env("PATH", "$PATH:/own"), TaskSource.env("B", "${A}")))
            .text("user", "own:8")
            .text("stopSignal", "SIGRTMIN+3")
            .text("workingDirectory", "/${a}")
            .texts("volumes", List.of("/$A"))
            .texts("ports", List.of("2")));
  }

  /** A jar that is run, and a WAR that the base's server runs. */
  private void applications(Map<String, Object> running, Map<String, Object> served) {
    String launcher = "org.springframework.boot.loader.launch.JarLauncher";
    TestJar.empty()
        .file(
            "META-INF/MANIFEST.MF",
            "Manifest-Version: 1.0\nMain-Class: " + launcher + "\nStart-Class: a.Main\n\n")
        .file(launcher.replace('.', '/') + ".class", "launcher")
        .file("BOOT-INF/classes/$A \"b\".txt", "own")
        .file("BOOT-INF/lib/lib.jar", "lib")
        .write(project().resolve("boot.jar"));
    TestJar.empty()
        .file("WEB-INF/classes/a/Main.class", "main")
        .file("index.html", "page")
        .file("empty/", "")
        .write(project().resolve("web.war"));
    Map<String, Object> boot = new TreeMap<>(running);
    boot.put("Entrypoint", List.of("java", "@/opt/$a b/launch"));
    configs.put("Boot", boot);
    configs.put("Web", served);
    files.put(
        "Boot",
        Map.of(
            "/opt/$a b/BOOT-INF/classes/$A \"b\".txt", file("own"),
            "/opt/$a b/BOOT-INF/lib/lib.jar", file("lib"),
            "/opt/$a b/launch", file("-cp\n\"/opt/$a b\"\n" + launcher + "\n")));
    files.put(
        "Web",
        Map.of(
            "/webapps/ROOT/WEB-INF/classes/a/Main.class", file("main"),
            "/webapps/ROOT/index.html", file("page")));
  }

  private static TaskSource labels(TaskSource task, Map<String, String> labels) {
    return task.elements(
        "labels",
        labels.entrySet().stream()
            .map(label -> TaskSource.label(label.getKey(), label.getValue()))
            .toList());
  }

  /** A base with a shell, and with package managers that write down what they are told. */
  private void pushBase() throws IOException, InterruptedException {
    Path context = dir.resolve("base");
    Path bin = Files.createDirectories(context.resolve("root").resolve("bin"));
    ExternalTool.run(
        "cp", ExternalTool.run("sh", "-c", "command -v busybox").strip(), bin + "/busybox");
    for (String applet : List.of("sh", "cat", "mkdir", "rm", "printf")) {
      Files.createSymbolicLink(bin.resolve(applet), Path.of("busybox"));
    }
    script(bin.resolve("apt-get"), "[ \"$1\" = update ] || printf '%s\\0' \"$@\" > /apt");
    script(
        bin.resolve("python3"),
        "[ \"$*\" = '-m pip --version' ] && exit\n"
            + "printf '%s\\0' \"$@\" > /pip\n"
            + "cat /tmp/imagespec-requirements/requirements.txt > /requirements");
    Files.writeString(
        context.resolve("Dockerfile"),
        """
        FROM scratch
        COPY root/ /
        ENV PATH=/bin A="base \\$A"
        LABEL a=base b=base
        ENTRYPOINT ["/base"]
        CMD ["base"]
        USER 7
        WORKDIR /base
        VOLUME /base
        EXPOSE 1
        """);
    new Buildah(dir.resolve("storage").resolve("base"))
        .build(context, "docker://" + registry + "/base:1");
  }

  private static void script(Path file, String text) throws IOException {
    Files.writeString(file, "#!/bin/sh\n" + text + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private boolean isAccepted(String attribute, String text) {
    return verdicts(attribute).getOrDefault(text, Optional.of("")).isEmpty();
  }

  /** Whether a file can have the name, and an image does not take it for a deleted file's. */
  private static boolean isFileName(String text) {
    return text.length() <= SHORT
        && text.codePoints().noneMatch(c -> c == 0 || (c >= 0xD800 && c <= 0xDFFF))
        && !("/" + text).contains("/.wh.");
  }

  /** What a builder adds to an image on scratch, and what a registration adds, is left out. */
  private static Map<String, Object> configOf(Map<String, ReadImage> images, String name) {
    Map<String, Object> config = new TreeMap<>(image(images, name).config());
    for (String key : List.of("Env", "Labels")) {
      if (config.get(key) instanceof Map<?, ?> map) {
        Map<Object, Object> rest = new TreeMap<>(map);
        rest.remove("PATH", "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin");
        rest.keySet()
            .removeIf(
                label ->
                    label.toString().startsWith("dev.imagespec.")
                        || label.toString().startsWith("org.opencontainers.image.base."));
        config.put(key, rest);
      }
    }
    config.values().removeIf(value -> value instanceof Map<?, ?> map && map.isEmpty());
    return config;
  }

  private static Map<String, String> filesOf(Map<String, ReadImage> images, String name) {
    return image(images, name).files();
  }

  private static ReadImage image(Map<String, ReadImage> images, String name) {
    return images.getOrDefault(name, new ReadImage(Map.of(), Map.of()));
  }

  private static Set<String> folders(String path) {
    Set<String> folders = new TreeSet<>();
    for (int end = path.indexOf('/', 1); end > 0; end = path.indexOf('/', end + 1)) {
      folders.add(path.substring(0, end));
    }
    if (path.length() > 1 && path.startsWith("/")) {
      folders.add(path);
    }
    return folders;
  }

  private static ReadImage build(String name, Path context, String... options)
      throws IOException, InterruptedException {
    Path layout = Files.createDirectories(dir.resolve("layouts")).resolve(name);
    new Buildah(dir.resolve("storage").resolve(name))
        .build(context, "oci:" + layout + ":built", options);
    return ReadImage.ofLayout(layout);
  }

  private Settings settings(String classes) {
    return Settings.builder()
        .noMemory()
        .classPath(List.of(dir.resolve(classes)))
        .projectDir(project())
        .registry(registry)
        .build();
  }

  private static Path project() {
    return dir.resolve("project");
  }

  private static String file(String content) {
    return "644 0:0 " + digest(content);
  }

  private static String digest(String content) {
    return Digest.of(content.getBytes(StandardCharsets.UTF_8)).toString();
  }

  /** A shell's word. */
  private static String quoted(String text) {
    return "'" + text.replace("'", "'\\''") + "'";
  }

  private static String normal(String path) {
    List<String> parts = new ArrayList<>();
    Stream.of(path.split("/", -1))
        .filter(part -> !part.isEmpty() && !part.equals("."))
        .forEach(
            part -> {
              if (part.equals("..")) {
                parts.remove(parts.size() - 1);
              } else {
                parts.add(part);
              }
            });
    return "/" + String.join("/", parts);
  }

  private interface Work {
    void run(String name) throws IOException, InterruptedException;
  }

  private static void inParallel(List<String> names, Work work)
      throws IOException, InterruptedException {
    ExecutorService pool = Executors.newFixedThreadPool(THREADS);
    try {
      List<Callable<String>> calls = new ArrayList<>();
      for (String name : names) {
        calls.add(
            () -> {
              work.run(name);
              return name;
            });
      }
      for (Future<String> done : pool.invokeAll(calls)) {
        done.get();
      }
    } catch (ExecutionException e) {
      throw new IOException(e);
    } finally {
      pool.shutdownNow();
    }
  }
}
