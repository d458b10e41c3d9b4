package dev.imagespec.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.imagespec.testkit.DockerRegistry;
import dev.imagespec.testkit.ExternalTool;
import dev.imagespec.testkit.RegistryServer;
import dev.imagespec.testkit.TestImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A registration to Debian's docker-registry is killed at some request. The next one uploads only
 * what is missing, and the registry then has what an undisturbed registration leaves there.
 */
class KilledRegistrationIT {
  private static final int KILLS = 20;
  private static final int TASKS = 6;
  private static final String BASE = "registry.example/base:1@" + TestImage.small().digest();
  private static final Pattern REQUEST = Pattern.compile("\"(HEAD|GET|POST|PUT) (\\S+) HTTP");
  private static final Pattern UPLOAD =
      Pattern.compile("/v2/(.+)/blobs/uploads/.*digest=sha256(?::|%3A)([0-9a-f]{64}).*");

  @TempDir Path dir;

  /** What a registry has, by repository. */
  private record State(Map<String, Map<String, String>> tags, Map<String, Set<String>> blobs) {}

  @BeforeAll
  static void tools() {
    Optional<String> missing = ExternalTool.missing("docker-registry");
    assumeTrue(missing.isEmpty(), missing.orElse(""));
  }

  private Process start(DockerRegistry registry, RegistryServer bases, Path memory, String run)
      throws IOException {
    return PackagedCli.of("register", "--json", "--registry", registry.registry())
        .with("--mirror", "registry.example=" + bases.registry())
        .with("--classpath", dir.resolve("classes").toString(), "--project-dir", dir.toString())
        .with("--lock", dir.resolve("imagespec.lock").toString())
        .environment(Map.of("IMAGESPEC_MEMORY", memory.toString()))
        .start(dir.resolve(run + ".json"), dir.resolve(run + ".log"));
  }

  private static List<String> requests(Path folder, int from) throws IOException {
    List<String> requests = new ArrayList<>();
    for (String line : Files.readAllLines(folder.resolve("registry.log"))) {
      Matcher request = REQUEST.matcher(line);
      if (request.find()) {
        requests.add(request.group(1) + " " + request.group(2));
      }
    }
    return requests.subList(Math.min(from, requests.size()), requests.size());
  }

  /** The number of requests once the registry has answered those of a process that is gone. */
  private static int settled(Path folder) throws IOException, InterruptedException {
    int before = -1;
    int now = requests(folder, 0).size();
    while (now != before) {
      Thread.sleep(300);
      before = now;
      now = requests(folder, 0).size();
    }
    return now;
  }

  /** What is in the registry's folder. */
  private static State state(Path folder) throws IOException {
    Path root = folder.resolve("data/docker/registry/v2/repositories");
    Map<String, Map<String, String>> tags = new TreeMap<>();
    Map<String, Set<String>> blobs = new TreeMap<>();
    if (Files.exists(root)) {
      try (Stream<Path> files = Files.walk(root)) {
        for (Path link : files.filter(file -> file.endsWith("link")).toList()) {
          String path = root.relativize(link).toString();
          Matcher layer = Pattern.compile("(.+)/_layers/sha256/(\\w+)/link").matcher(path);
          Matcher tag = Pattern.compile("(.+)/_manifests/tags/([^/]+)/current/link").matcher(path);
          if (layer.matches()) {
            blobs.computeIfAbsent(layer.group(1), key -> new TreeSet<>()).add(layer.group(2));
          } else if (tag.matches()) {
            tags.computeIfAbsent(tag.group(1), key -> new TreeMap<>())
                .put(tag.group(2), Files.readString(link));
          }
        }
      }
    }
    return new State(tags, blobs);
  }

  private Path compiled() throws IOException {
    List<TaskSource> sources = new ArrayList<>();
    Files.writeString(dir.resolve("shared.txt"), "the same for all\n".repeat(10_000));
    for (int i = 0; i < TASKS; i++) {
      sources.add(
          TaskSource.of("Task" + i, BASE)
              .elements("copy", List.of(TaskSource.copy("shared.txt", "/data/")))
              .elements("env", List.of(TaskSource.env("TASK", "v" + i))));
    }
    Path classes = dir.resolve("classes");
    assertThat(TaskCompiler.compile(sources, dir, classes)).isEmpty();
    return classes;
  }

  @Test
  void theNextRegistrationSendsWhatIsMissingAndNoMore() throws Exception {
    assertThat(compiled()).isDirectory();
    try (RegistryServer bases = RegistryServer.anonymous()) {
      bases.push("base", "1", TestImage.small());
      State wanted;
      int count;
      Path undisturbed = Files.createDirectory(dir.resolve("undisturbed"));
      try (DockerRegistry registry = DockerRegistry.start(undisturbed)) {
        Process process = start(registry, bases, dir.resolve("memory"), "first");
        assertThat(process.waitFor()).as(Files.readString(dir.resolve("first.log"))).isZero();
        wanted = state(undisturbed);
        count = requests(undisturbed, 0).size();
      }
      assertThat(wanted.tags().values()).anyMatch(tags -> !tags.isEmpty());
      long seed = System.nanoTime();
      Random random = new Random(seed);
      for (int i = 0; i < KILLS; i++) {
        int at = 1 + random.nextInt(count);
        String where = "seed " + seed + ", kill " + i + " at request " + at + " of " + count;
        Path folder = Files.createDirectory(dir.resolve("kill" + i));
        try (DockerRegistry registry = DockerRegistry.start(folder)) {
          Process killed = start(registry, bases, dir.resolve("memory" + i), "killed" + i);
          while (killed.isAlive() && requests(folder, 0).size() < at) {
            Thread.sleep(1);
          }
          killed.destroyForcibly().waitFor();
          int before = settled(folder);
          State there = state(folder);
          Path memory = dir.resolve((i % 2 == 0 ? "memory" : "other") + i);
          Process next = start(registry, bases, memory, "next" + i);
          assertThat(next.waitFor())
              .as(where + Files.readString(dir.resolve("next" + i + ".log")))
              .isZero();
          assertThat(state(folder)).as(where).isEqualTo(wanted);
          for (String request : requests(folder, before)) {
            Matcher upload = UPLOAD.matcher(request);
            if (request.startsWith("PUT ") && upload.find()) {
              assertThat(there.blobs().getOrDefault(upload.group(1), Set.of()))
                  .as(where + ": " + request)
                  .doesNotContain(upload.group(2));
            }
          }
        }
      }
    }
  }
}
