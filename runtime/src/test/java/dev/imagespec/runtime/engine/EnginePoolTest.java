package dev.imagespec.runtime.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class EnginePoolTest {
  private static final EngineSettings SETTINGS =
      new EngineSettings(
          List.of(),
          Optional.empty(),
          Optional.empty(),
          Duration.ofMinutes(1),
          Path.of("/user"),
          Map.of());

  /** Who built what. */
  private final List<String> built = new CopyOnWriteArrayList<>();

  private final Set<String> failing = new ConcurrentSkipListSet<>();
  private final Set<String> dead = new ConcurrentSkipListSet<>();
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicInteger most = new AtomicInteger();
  private volatile CountDownLatch hold = new CountDownLatch(0);

  private EnginePool pool(int perBuilder, String... names) throws Exception {
    List<EngineBuilder> builders = new ArrayList<>();
    for (String name : names) {
      builders.add(new TestBuilder(name));
    }
    return EnginePool.open(
        List.of(engine("test", builders)), Optional.empty(), SETTINGS, perBuilder);
  }

  private static Engine engine(String name, List<EngineBuilder> builders) {
    return new Engine() {
      @Override
      public String name() {
        return name;
      }

      @Override
      public List<EngineBuilder> builders(EngineSettings settings) throws EngineException {
        if (builders.isEmpty()) {
          throw new EngineException(EngineException.Kind.MISSING, "install " + name);
        }
        return builders;
      }
    };
  }

  private final class TestBuilder implements EngineBuilder {
    private final String name;

    TestBuilder(String name) {
      this.name = name;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public boolean runs(Platform platform) {
      return platform.architecture().equals("amd64");
    }

    @Override
    public boolean answers() {
      return !dead.contains(name);
    }

    @Override
    public boolean buildsPlatformsTogether() {
      return false;
    }

    @Override
    public Optional<Digest> build(EngineBuild build, EngineOutput output)
        throws EngineException, InterruptedException {
      most.accumulateAndGet(running.incrementAndGet(), Math::max);
      try {
        hold.await();
        built.add(name + " " + build.cacheKey());
        if (failing.contains(name)) {
          throw new EngineException(EngineException.Kind.BUILDER, name + " failed");
        }
        if (failing.contains("step")) {
          throw new EngineException(EngineException.Kind.STEP, "exit code 1");
        }
        return Optional.empty();
      } finally {
        running.decrementAndGet();
      }
    }
  }

  private static EngineBuild build(String key, String platform) {
    return new EngineBuild(
        "t",
        Path.of("context"),
        "environment",
        1,
        Map.of(),
        List.of(Platform.parse(platform)),
        "r.example/a",
        "env1-0",
        key,
        Map.of(),
        Path.of("config"),
        () -> true);
  }

  private static void run(EnginePool pool, String key) throws Exception {
    assertThat(pool.build(build(key, "linux/amd64"), text -> {})).isEmpty();
  }

  @Test
  void whatStartsAlikeGoesToOneBuilderAndTheRestIsSpread() throws Exception {
    EnginePool pool = pool(2, "a", "b", "c");
    for (int i = 0; i < 60; i++) {
      run(pool, "key" + i % 30);
    }
    assertThat(new TreeSet<>(built)).as("each key on one builder").hasSize(30);
    for (String name : List.of("a", "b", "c")) {
      assertThat(built).filteredOn(one -> one.startsWith(name)).hasSizeBetween(8, 32);
    }
    // Another process, another order of the builders: the same choice.
    List<String> before = List.copyOf(built);
    built.clear();
    EnginePool other = pool(2, "c", "a", "b");
    for (int i = 0; i < 60; i++) {
      run(other, "key" + i % 30);
    }
    assertThat(built).isEqualTo(before);
    // A builder less moves its own work alone.
    built.clear();
    EnginePool smaller = pool(2, "a", "b");
    for (int i = 0; i < 60; i++) {
      run(smaller, "key" + i % 30);
    }
    for (int i = 0; i < 60; i++) {
      if (!before.get(i).startsWith("c")) {
        assertThat(built.get(i)).isEqualTo(before.get(i));
      }
    }
  }

  @Test
  void theWorkOfABuilderThatFailsGoesToTheNext() throws Exception {
    EnginePool pool = pool(2, "a", "b");
    failing.add("a");
    dead.add("a");
    for (int i = 0; i < 20; i++) {
      run(pool, "key" + i);
    }
    assertThat(built).filteredOn(one -> one.startsWith("a")).as("tried once").hasSize(1);
    assertThat(built).filteredOn(one -> one.startsWith("b")).hasSize(20);
  }

  @Test
  void aBuilderThatStillAnswersIsGivenOtherWork() throws Exception {
    EnginePool pool = pool(2, "a");
    failing.add("a");
    assertThatThrownBy(() -> run(pool, "one")).hasMessage("a failed");
    failing.clear();
    run(pool, "two");
    assertThat(built).hasSize(2);
  }

  @Test
  void aStepThatFailsIsNotTriedElsewhere() throws Exception {
    EnginePool pool = pool(2, "a", "b");
    failing.add("step");
    assertThatThrownBy(() -> run(pool, "key")).hasMessage("exit code 1");
    assertThat(built).hasSize(1);
  }

  @Test
  void aBuilderIsGivenNoMoreAtOnceThanItsBound() throws Exception {
    EnginePool pool = pool(2, "a");
    hold = new CountDownLatch(1);
    ExecutorService threads = Executors.newFixedThreadPool(6);
    try {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < 6; i++) {
        String key = "key" + i;
        all.add(
            threads.submit(
                () -> {
                  run(pool, key);
                  return true;
                }));
      }
      while (running.get() < 2) {
        Thread.onSpinWait();
      }
      hold.countDown();
      for (Future<?> one : all) {
        one.get();
      }
      assertThat(most).hasValue(2);
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void withoutAnEngineEveryoneSaysWhatToInstall() {
    List<Engine> none = List.of(engine("x", List.of()), engine("y", List.of()));
    assertThatThrownBy(() -> EnginePool.open(none, Optional.empty(), SETTINGS, 1))
        .hasMessageContaining("x: install x")
        .hasMessageContaining("y: install y");
    assertThatThrownBy(() -> EnginePool.open(none, Optional.of("z"), SETTINGS, 1))
        .hasMessageContaining("there is no engine z; there are x, y");
  }

  @Test
  void anEngineWithoutBuildersRefusesTheirNames() {
    EngineSettings named =
        new EngineSettings(
            List.of("a"),
            Optional.empty(),
            Optional.empty(),
            Duration.ofMinutes(1),
            Path.of("/user"),
            Map.of());
    for (Engine engine : List.of(new DockerEngine(), new BuildahEngine())) {
      assertThatThrownBy(() -> engine.builders(named))
          .hasMessageContaining("has no builders to choose from")
          .hasMessageContaining("--builder) names a");
    }
  }

  @Test
  void aPlatformThatNobodyRunsIsRefused() throws Exception {
    EnginePool pool = pool(1, "a");
    assertThatThrownBy(() -> pool.build(build("k", "linux/arm64"), text -> {}))
        .hasMessageContaining("a cannot run programs of linux/arm64");
    assertThat(built).isEmpty();
  }
}
