package dev.imagespec.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.runtime.registry.FastClient;
import dev.imagespec.runtime.registry.RegistryClient;
import dev.imagespec.runtime.registry.ecr.FastEcr;
import dev.imagespec.runtime.run.Session;
import dev.imagespec.testkit.Fault;
import dev.imagespec.testkit.RegistryServer;
import dev.imagespec.testkit.TestImage;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Registries that refuse many requests, or all, because they want to be asked more slowly. */
@Timeout(120)
class SlowRegistryTest {
  private static final int BASES = 5;

  private final RegistryServer registry = RegistryServer.anonymous();
  private final FastClient time = new FastClient();
  @TempDir Path dir;
  private Project project = new Project(Path.of(""));

  @BeforeEach
  void start() {
    project = new Project(dir);
    registry.push("base", "1", TestImage.small());
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private Registration register(int images, RegistryClient.Builder client) {
    for (int i = 0; i < images; i++) {
      project.task(Project.task("a.Task" + i, "team/app" + i % 7, "v" + i));
    }
    return register(settings().build(), client);
  }

  private SettingsBuilder settings() {
    return Settings.builder()
        .noMemory()
        .classPath(List.of(project.classes))
        .projectDir(project.dir)
        .registry(registry.registry())
        .mirrors(List.of(Mirror.parse("registry.example=" + registry.registry())));
  }

  private static Registration register(Settings settings, RegistryClient.Builder client) {
    return ImageRegistrar.of(settings)
        .withTaskRegistrars(List.of())
        .withSessions((s, access) -> new Session(s, access, FastEcr.of("127.0.0.1:1"), client))
        .register();
  }

  @Test
  void everyImageIsPushedAtThePaceOfTheRegistry() {
    registry.inject(Fault.limit(25, time::nanoTime));
    Registration registration = register(300, time.builder());
    assertThat(registration.failures()).isEmpty();
    assertThat(registration.images()).hasSize(300);
    long refused = registry.journal().count(entry -> entry.status() == 429);
    assertThat(refused)
        .as("of %s requests", registry.journal().entries().size())
        .isLessThan(registry.journal().entries().size() / 3);
  }

  /** In real time, so that those who are refused compete with those who are not. */
  @Test
  void nobodyIsRefusedForEver() {
    registry.inject(Fault.limit(10, System::nanoTime));
    Registration registration = register(25, RegistryClient.builder());
    assertThat(registration.failures()).isEmpty();
    assertThat(registration.images()).hasSize(25);
  }

  static Stream<Map<String, String>> headers() {
    return Stream.of(Map.of(), Map.of("Retry-After", "1"));
  }

  @ParameterizedTest
  @MethodSource("headers")
  void everyImageIsPushedThoughHalfOfAllAnswersAreRefusals(Map<String, String> headers) {
    registry.inject(Fault.throttleSome(0.5, 7, headers));
    Registration registration = register(100, time.builder());
    assertThat(registration.failures()).isEmpty();
    assertThat(registration.images()).hasSize(100);
  }

  @Test
  void aRegistryThatOnlyRefusesIsGivenUpByAllTogether() {
    for (String operation : List.of("POST upload", "MOUNT", "PUT manifest")) {
      registry.inject(Fault.respond(operation, 99_999, 429, "", Map.of("Retry-After", "1")));
    }
    Registration registration = register(100, time.builder());
    assertThat(registration.images()).isEmpty();
    assertThat(registration.failures())
        .hasSize(100)
        .allSatisfy(
            failure -> {
              assertThat(failure.code()).isEqualTo(FailureCode.THROTTLED);
              assertThat(failure.message())
                  .contains(registry.registry())
                  .contains("asks to slow down, and kept asking. Register again later.");
            });
    assertThat(registry.journal().count(entry -> entry.status() == 429))
        .as("two minutes, a request a second, and one of each of the others")
        .isLessThan(700);
  }

  /** None is answered before all are asked: one after the other, the first would wait for ever. */
  @Test
  void allBasesAreWaitedForAtTheSameTime() {
    for (int i = 0; i < BASES; i++) {
      String base = "registry.example/base:of-nobody-" + i;
      project.task(
          Project.task("a.Task" + i, "app", base, Project.payload(Map.of()), "linux/amd64"));
    }
    Settings settings = settings().build();
    AtomicInteger together = answerTogether("GET manifest");
    List<Failure> failures = register(settings, RegistryClient.builder()).failures();
    assertThat(failures)
        .hasSize(BASES)
        .allSatisfy(failure -> assertThat(failure.code()).isEqualTo(FailureCode.BASE_NOT_FOUND));
    assertThat(together).as("by register").hasValue(BASES);

    AtomicInteger locked = answerTogether("GET manifest");
    assertThatThrownBy(() -> ImageRegistrar.of(settings).lock())
        .hasMessageContaining("of-nobody-0 does not exist");
    assertThat(locked).as("by lock").hasValue(BASES);

    try (RegistryServer target = RegistryServer.anonymous()) {
      AtomicInteger examined = answerTogether("HEAD manifest");
      Settings elsewhere = settings().registry(target.registry()).build();
      assertThat(Doctor.of(elsewhere).examine().findings()).isNotEmpty();
      assertThat(examined).as("by doctor").hasValue(BASES);
    }
  }

  /** Counts the requests that are answered only when all have arrived. */
  private AtomicInteger answerTogether(String operation) {
    CountDownLatch all = new CountDownLatch(BASES);
    AtomicInteger together = new AtomicInteger();
    registry.inject(
        Fault.before(
            operation,
            BASES,
            () -> {
              all.countDown();
              if (await(all)) {
                together.incrementAndGet();
              }
            }));
    return together;
  }

  private static boolean await(CountDownLatch latch) {
    try {
      return latch.await(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
