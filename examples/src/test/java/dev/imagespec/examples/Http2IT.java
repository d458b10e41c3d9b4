package dev.imagespec.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.imagespec.json.Json;
import dev.imagespec.model.Digest;
import dev.imagespec.testkit.DockerRegistry;
import dev.imagespec.testkit.ExternalTool;
import dev.imagespec.testkit.RegistryServer;
import dev.imagespec.testkit.TestImage;
import dev.imagespec.testkit.TlsCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A registration to Debian's docker-registry with TLS, which speaks HTTP/2: what it asks, and on
 * how many connections.
 */
@Timeout(300)
class Http2IT {
  private static final int TASKS = 20;

  /** What is sent at the same time, without a setting. */
  private static final int PARALLELISM = 16;

  private static final TestImage BASE =
      TestImage.builder().layer("etc/a", "a").layer("etc/b", "b").build();

  private static final int SHARED = 2;

  /** A layer and a configuration. */
  private static final int OWN = 2;

  /** Loopback addresses speak plain HTTP to us, so TLS needs a name. */
  private static final String HOST = "registry.example";

  /** A layer of this size travels on HTTP/1.1. */
  private static final int OWN_BYTES = 64 << 10;

  /** What docker-registry logs of each request. */
  private static final Pattern REQUEST = Pattern.compile("\"([A-Z]+) (/v2/\\S+) (HTTP/[0-9.]+)\"");

  /** What it also logs of each, with the other end of its connection. */
  private static final Pattern ANSWER =
      Pattern.compile(
          "msg=\"response completed.* http.request.method=([A-Z]+)"
              + " http.request.remoteaddr=\"([0-9.:]+)\"");

  @TempDir Path dir;
  private Path classes = Path.of("");
  private Path registryLog = Path.of("");

  private record Request(String method, String path, String protocol) {
    /** As the journal of a registry of the testkit calls it. */
    String operation() {
      String what = path.contains("/manifests/") ? " manifest" : " blob";
      boolean isStart = method.equals("POST");
      return isStart ? path.contains("mount=") ? "MOUNT" : "POST upload" : method + what;
    }
  }

  @BeforeAll
  static void tools() {
    Optional<String> missing = ExternalTool.missing("docker-registry");
    assumeTrue(missing.isEmpty(), missing.orElse(""));
  }

  @BeforeEach
  void folders() {
    classes = dir.resolve("classes");
    registryLog = dir.resolve("registry.log");
  }

  private Path own(int task) {
    return dir.resolve("own" + task);
  }

  /** Tasks in this number of repositories. */
  private void compile(int repositories) throws IOException {
    Map<String, String> sources = new TreeMap<>();
    for (int i = 0; i < TASKS; i++) {
      byte[] content = new byte[OWN_BYTES];
      new Random(i).nextBytes(content);
      Files.write(own(i), content);
      sources.put(
          "Task" + i,
          String.format(
              "import dev.imagespec.*; @ImageSpec(baseImage = \"bases.example/base:1@%s\","
                  + " name = \"team/app%d\", copy = @Copy(from = \"own%d\", to = \"/own/\"))"
                  + " public final class Task%d {}",
              BASE.digest(), i % repositories, i, i));
    }
    assertThat(TaskCompiler.compile(sources, dir, classes)).isEmpty();
  }

  private Map<?, ?> register(
      String run, CountingRelay relay, TlsCertificate certificate, RegistryServer bases)
      throws IOException, InterruptedException {
    Path out = dir.resolve(run + ".json");
    Path log = dir.resolve(run + ".log");
    Process process =
        PackagedCli.of("register", "--json", "--registry", HOST + ":" + relay.port())
            .with("--mirror", "bases.example=" + bases.registry())
            .with("--classpath", classes.toString(), "--project-dir", dir.toString())
            .with("--lock", dir.resolve("imagespec.lock").toString())
            .trusting(certificate)
            .environment(Map.of("IMAGESPEC_MEMORY", dir.resolve("memory").toString()))
            .start(out, log);
    assertThat(process.waitFor()).as(Files.readString(log)).isZero();
    Map<?, ?> json = (Map<?, ?>) Json.parse(Files.readString(out));
    return json.get("tasks") instanceof Map<?, ?> tasks ? tasks : Map.of();
  }

  /** The lines of the registry's log from one on, once it writes no more. */
  private List<String> log(int from) throws IOException, InterruptedException {
    int before = -1;
    List<String> lines = Files.readAllLines(registryLog);
    while (lines.size() != before) {
      before = lines.size();
      Thread.sleep(300);
      lines = Files.readAllLines(registryLog);
    }
    return lines.subList(from, lines.size());
  }

  private static List<Request> requests(List<String> log) {
    return log.stream()
        .map(REQUEST::matcher)
        .filter(Matcher::find)
        .map(found -> new Request(found.group(1), found.group(2), found.group(3)))
        .toList();
  }

  private static Map<String, Long> counts(List<Request> requests) {
    return requests.stream()
        .collect(Collectors.groupingBy(Request::operation, TreeMap::new, Collectors.counting()));
  }

  /** The connections that carried requests of some methods, by their other ends. */
  private static Set<String> connections(List<String> log, Predicate<String> methods) {
    return log.stream()
        .map(ANSWER::matcher)
        .filter(Matcher::find)
        .filter(found -> methods.test(found.group(1)))
        .map(found -> found.group(2))
        .collect(Collectors.toSet());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, TASKS})
  void oneConnectionDoesAllButSendLongBodies(int repositories) throws Exception {
    compile(repositories);
    TlsCertificate certificate = TlsCertificate.of(dir, HOST);
    Map<?, ?> tasks;
    String name;
    try (DockerRegistry registry = DockerRegistry.builder(dir).tls(certificate).start();
        CountingRelay relay = CountingRelay.to(registry.port());
        RegistryServer bases = RegistryServer.anonymous()) {
      bases.push("base", "1", BASE);
      name = HOST + ":" + relay.port();
      tasks = register("cold", relay, certificate, bases);
      List<String> cold = log(0);
      sendsEachBlobOnce(requests(cold), repositories);
      Set<String> asking = connections(cold, method -> !method.equals("PUT"));
      Set<String> all = connections(cold, method -> true);
      assertThat(asking).as("on HTTP/2").hasSize(1);
      assertThat(all).as("the others on HTTP/1.1").hasSizeBetween(2, 1 + PARALLELISM);
      assertThat(relay.connections()).as("none is opened in vain").isEqualTo(all.size());

      assertThat(register("again", relay, certificate, bases)).isEqualTo(tasks);
      List<Request> again = requests(log(cold.size()));
      assertThat(counts(again)).isEqualTo(Map.of("HEAD manifest", (long) TASKS));
      assertThat(again).extracting(Request::protocol).containsOnly("HTTP/2.0");
      assertThat(relay.connections() - all.size()).isEqualTo(1);
    }
    isReadBack(tasks, name);
  }

  private static void sendsEachBlobOnce(List<Request> requests, int repositories) {
    long blobs = SHARED + (long) OWN * TASKS;
    Map<String, Long> wanted =
        new TreeMap<>(
            Map.of(
                "HEAD manifest",
                (long) TASKS,
                "HEAD blob",
                blobs,
                "POST upload",
                blobs,
                "PUT blob",
                blobs,
                "PUT manifest",
                (long) TASKS));
    if (repositories > 1) {
      wanted.put("MOUNT", SHARED * (repositories - 1L));
    }
    assertThat(counts(requests)).isEqualTo(wanted);
    assertThat(requests)
        .filteredOn(request -> request.operation().equals("PUT blob"))
        .extracting(request -> request.path().replaceFirst(".*[?&]digest=", ""))
        .doesNotHaveDuplicates();
    assertThat(counts(requests.stream().filter(r -> r.protocol().equals("HTTP/1.1")).toList()))
        .as("the layers of the tasks")
        .isEqualTo(Map.of("PUT blob", (long) TASKS));
  }

  /** Reads the images from the registry's files, by a registry without TLS. */
  private void isReadBack(Map<?, ?> tasks, String name) throws IOException {
    assertThat(tasks).hasSize(TASKS);
    try (DockerRegistry plain = DockerRegistry.start(dir)) {
      for (int i = 0; i < TASKS; i++) {
        String reference = String.valueOf(tasks.get("Task" + i));
        assertThat(reference).startsWith(name + "/team/app");
        Map<String, String> files =
            ReadImage.ofRegistry(reference.replace(name, plain.registry())).files();
        assertThat(files).containsKeys("/etc/a", "/etc/b");
        assertThat(files.get("/own/own" + i))
            .endsWith(Digest.of(Files.readAllBytes(own(i))).toString());
      }
    }
  }
}
