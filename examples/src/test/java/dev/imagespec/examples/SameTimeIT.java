package dev.imagespec.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.imagespec.json.Json;
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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes that register the same tasks at the same time, on Debian's docker-registry. */
class SameTimeIT {
  private static final int TASKS = 30;
  private static final int PROCESSES = 4;
  private static final String BASE = "registry.example/base:1@" + TestImage.small().digest();

  @TempDir Path dir;

  @BeforeAll
  static void tools() {
    Optional<String> missing = ExternalTool.missing("docker-registry");
    assumeTrue(missing.isEmpty(), missing.orElse(""));
  }

  @Test
  void allSucceedWithOneLockAndOneRecord() throws IOException, InterruptedException {
    Path classes = compiled();
    Path lock = dir.resolve("imagespec.lock");
    Path record = dir.resolve("record.json");
    try (DockerRegistry registry = DockerRegistry.start(dir);
        RegistryServer bases = RegistryServer.anonymous()) {
      bases.push("base", "1", TestImage.small());
      List<Process> running = new ArrayList<>();
      for (int i = 0; i < PROCESSES; i++) {
        running.add(
            PackagedCli.of("register", "--json", "--registry", registry.registry())
                .with("--mirror", "registry.example=" + bases.registry())
                .with("--classpath", classes.toString(), "--project-dir", dir.toString())
                .with("--lock", lock.toString(), "--record", record.toString())
                .start(out(i), dir.resolve(i + ".log")));
      }
      for (int i = 0; i < PROCESSES; i++) {
        int code = running.get(i).waitFor();
        assertThat(code).as(Files.readString(dir.resolve(i + ".log"))).isZero();
      }
      Map<?, ?> tasks = tasks(Files.readString(out(0)));
      assertThat(tasks).hasSize(TASKS);
      for (int i = 1; i < PROCESSES; i++) {
        assertThat(tasks(Files.readString(out(i)))).isEqualTo(tasks);
      }
      assertThat(tasks(Files.readString(record))).isEqualTo(tasks);
      assertThat(Files.readString(lock)).contains(TestImage.small().digest().toString());
    }
  }

  private Path compiled() throws IOException {
    Files.writeString(dir.resolve("shared.txt"), "the same for all\n".repeat(10_000));
    List<TaskSource> sources = new ArrayList<>();
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

  private Path out(int process) {
    return dir.resolve(process + ".json");
  }

  private static Map<?, ?> tasks(String json) {
    return ((Map<?, ?>) Json.parse(json)).get("tasks") instanceof Map<?, ?> tasks
        ? tasks
        : Map.of();
  }
}
