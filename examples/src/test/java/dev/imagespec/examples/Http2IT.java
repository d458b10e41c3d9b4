package dev.imagespec.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.imagespec.json.Json;
import dev.imagespec.testkit.DockerRegistry;
import dev.imagespec.testkit.ExternalTool;
import dev.imagespec.testkit.RegistryServer;
import dev.imagespec.testkit.TestImage;
import dev.imagespec.testkit.TlsCertificate;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A registration to Debian's docker-registry with TLS, which speaks HTTP/2: what it asks, and on
 * how many connections.
 */
class Http2IT {
  private static final int TASKS = 20;

  /** What is sent at the same time, without a setting. */
  private static final int PARALLELISM = 16;

  private static final int SHARED_LAYERS = 2;

  /** A layer and a configuration. */
  private static final int OWN = 2;

  /** Loopback addresses speak plain HTTP to us, so TLS needs a name. */
  private static final String HOST = "registry.example";

  private static final String BASE = "bases.example/base:1@" + TestImage.small().digest();

  /** What docker-registry logs of each request. */
  private static final Pattern REQUEST = Pattern.compile("\"([A-Z]+) (/v2/\\S+) (HTTP/[0-9.]+)\"");

  /** What it also logs of each, with the address of the other end of its connection. */
  private static final Pattern ANSWER =
      Pattern.compile(
          "msg=\"response completed.* http.request.method=([A-Z]+)"
              + " http.request.remoteaddr=\"([0-9.:]+)\"");

  private static final Pattern DIGEST = Pattern.compile("digest=sha256(?::|%3A)([0-9a-f]{64})");

  @TempDir Path dir;
  private Path classes = Path.of("");
  private Path registryLog = Path.of("");

  private record Request(String method, String path, String protocol) {
    boolean isUpload() {
      return path.contains("/blobs/uploads/");
    }

    String operation() {
      return method + " " + (isUpload() ? "upload" : path.split("/(?=blobs/|manifests/)")[1].split("/")[0]);
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

  /** Tasks in this number of repositories, each with a layer too long to be sent on HTTP/2. */
  private void compile(int repositories) throws IOException {
    Map<String, String> sources = new TreeMap<>();
    Files.writeString(dir.resolve("shared.txt"), "the same for all\n".repeat(10_000));
    for (int i = 0; i < TASKS; i++) {
      byte[] own = new byte[64 << 10];
      new Random(i).nextBytes(own);
      Files.write(dir.resolve("own" + i), own);
      sources.put(
          "Task" + i,
          String.join(
              "\n",
              "import dev.imagespec.*;",
              "@ImageSpec(baseImage = \"" + BASE + "\", name = \"team/app" + i % repositories + "\",",
              "  copy = {@Copy(from = \"shared.txt\", to = \"/shared/\"),",
              "    @Copy(from = \"own" + i + "\", to = \"/own/\")})",
              "public final class Task" + i + " {}"));
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
    return (Map<?, ?>) Json.parse(Files.readString(out));
  }

  /** The lines of the registry's log from one on, once it writes no more. */
  private List<String> log(int from) throws IOException, InterruptedException {
    List<String> before = List.of();
    List<String> now = Files.readAllLines(registryLog);
    while (now.size() != before.size()) {
      Thread.sleep(300);
      before = now;
      now = Files.readAllLines(registryLog);
    }
    return now.subList(from, now.size());
  }

  private static List<Request> requests(List<String> log) {
    List<Request> requests = new ArrayList<>();
    for (String line : log) {
      Matcher request = REQUEST.matcher(line);
      if (request.find()) {
        requests.add(new Request(request.group(1), request.group(2), request.group(3)));
      }
    }
    return requests;
  }

  /** The connections that carried requests without a body, by their other ends. */
  private static Set<String> connectionsOfQuestions(List<String> log) {
    Set<String> connections = new HashSet<>();
    for (String line : log) {
      Matcher answer = ANSWER.matcher(line);
      if (answer.find() && !answer.group(1).equals("PUT")) {
        connections.add(answer.group(2));
      }
    }
    return connections;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 20})
  void oneConnectionAsksAndOnlyLongBodiesHaveOthers(int repositories) throws Exception {
    compile(repositories);
    TlsCertificate certificate = TlsCertificate.of(dir, HOST);
    Map<?, ?> tasks;
    String registryName;
    try (DockerRegistry registry = DockerRegistry.builder(dir).tls(certificate).start();
        RegistryServer bases = RegistryServer.anonymous()) {
      bases.push("base", "1", TestImage.small());
      try (CountingRelay relay = CountingRelay.to(registry.port())) {
        registryName = HOST + ":" + relay.port();
        tasks = (Map<?, ?>) register("cold", relay, certificate, bases).get("tasks");
        List<String> cold = log(0);
        isColdWithEachBlobOnce(requests(cold), repositories);
        assertThat(connectionsOfQuestions(cold)).as("the connection of HTTP/2").hasSize(1);
        assertThat(relay.connections()).isBetween(2, 1 + PARALLELISM);
      }
    }
    System.out.println(tasks + registryName);
  }

  private static void isColdWithEachBlobOnce(List<Request> requests, int repositories) {
    System.out.println(requests.stream().collect(java.util.stream.Collectors.groupingBy(r -> r.operation() + r.protocol(), java.util.stream.Collectors.counting())));
  }
}
