package dev.imagespec.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.runtime.TaskRegistrar.Action;
import dev.imagespec.runtime.TaskRegistrar.Planned;
import dev.imagespec.runtime.TaskRegistrar.Result;
import dev.imagespec.testkit.RegistryServer;
import dev.imagespec.testkit.TestImage;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Task registrars that do not keep to their contract: the others go on, and nothing is lost. */
class ForeignRegistrarTest {
  private static final Foreign GOOD =
      new Foreign(
          "good",
          () -> Set.of("good"),
          () -> List.of(new Planned.Known("g", "a.One", Action.REGISTERED, List.of())),
          () -> List.of(new Result.Registered("g", "a.One", "i", "id", Action.REGISTERED)));

  @TempDir private Path dir;
  private final RegistryServer registry = RegistryServer.anonymous();

  /** Answers as it is told. */
  private record Foreign(
      String name,
      Supplier<Set<String>> kinds,
      Supplier<List<Planned>> plans,
      Supplier<List<Result>> results)
      implements TaskRegistrar {
    @Override
    public Set<String> definitionKinds() {
      return kinds.get();
    }

    @Override
    public List<Planned> plan(Plan plan, Context context) {
      return plans.get();
    }

    @Override
    public List<Result> register(Registration registration, Context context) {
      return results.get();
    }

    @Override
    public Diagnosis examine(Context context) {
      throw new AssertionError("boom");
    }
  }

  @BeforeEach
  void project() {
    registry.push("base", "1", TestImage.small());
    new Project(dir)
        .task(Project.task("a.One", "team/one", "x"))
        .task(
            Project.task(
                "a.Two",
                "team/two",
                "registry.example/absent:1",
                Project.payload(Map.of()),
                "linux/amd64"));
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private ImageRegistrar registrar(Definition definition, TaskRegistrar... registrars) {
    return registrar(settings().definitions(List.of(definition)), registrars);
  }

  private ImageRegistrar registrar(SettingsBuilder settings, TaskRegistrar... registrars) {
    return ImageRegistrar.of(settings.build()).withTaskRegistrars(List.of(registrars));
  }

  private SettingsBuilder settings() {
    return Settings.builder()
        .noMemory()
        .classPath(List.of(dir.resolve("classes")))
        .projectDir(dir)
        .history(dir.resolve("history"))
        .registry(registry.registry())
        .mirrors(List.of(Mirror.parse("registry.example=" + registry.registry())));
  }

  private static <T> Supplier<T> failing(Error error) {
    return () -> {
      throw error;
    };
  }

  /** What is told when a registrar answers so; the good one beside it registers. */
  private List<String> told(Supplier<List<Result>> results) {
    Registration registration =
        registrar(settings(), new Foreign("odd", Set::of, List::of, results), GOOD).register();
    assertThat(registration.registrations())
        .extracting(Registration.RegisteredTask::id)
        .contains("id");
    assertThat(registration.failures().get(0).tasks()).containsExactly("a.Two");
    return registration.failures().stream().skip(1).map(ForeignRegistrarTest::text).toList();
  }

  private static String text(Failure failure) {
    return failure.tasks() + " " + failure.message();
  }

  @Test
  @SuppressWarnings("NullAway") // as a registrar without checks may do
  void aRegistrationOutlivesWhateverARegistrarThrowsOrReturns() {
    String one = "[a.One] The images are pushed and recorded, but the registrar odd failed: ";
    assertThat(told(() -> null)).containsExactly(one + "it returned null");
    assertThat(told(() -> Arrays.asList((Result) null))).containsExactly(one + "it returned null");
    assertThat(told(failing(new StackOverflowError())))
        .containsExactly(one + "java.lang.StackOverflowError");
    assertThat(told(failing(new AssertionError("boom")))).containsExactly(one + "boom");
    assertThat(
            told(() -> List.of(new Result.Registered("d", "a.One", "i", null, Action.REGISTERED))))
        .containsExactly(one + "id is null");
  }

  @Test
  void aFailureSaysOnlyOfATaskWithAnImageThatItIsPushedAndOfSeveralTasksOnce() {
    List<Result> results =
        List.of(
            new Result.Failed("a.One", "no\u001b[2J"),
            new Result.Failed("a.Two", "no image"),
            new Result.Failed("a.Three", "no image"),
            new Result.Registered("d", "a.Four", "i", "x", Action.REGISTERED));
    assertThat(told(() -> results))
        .containsExactly(
            "[a.One] The image is pushed and recorded, but the registrar odd failed: no\\u001b[2J",
            "[a.Two, a.Three] The registrar odd failed: no image",
            "[a.Four] The registrar odd registered this task, which this registration does not"
                + " have.");
  }

  @Test
  void whatARegistrarSaysStaysOnItsLine() {
    List<Result> results =
        List.of(new Result.Registered("d\nx", "a.One", "i", "id\n\u001b[2J", Action.REGISTERED));
    Registration registration =
        registrar(settings(), new Foreign("odd", Set::of, List::of, () -> results)).register();
    assertThat(registration.registrations().get(0).definition()).isEqualTo("d\\u000ax");
    assertThat(registration.registrations().get(0).id()).isEqualTo("id\\u000a\\u001b[2J");
  }

  @Test
  void aPlanOutlivesThemToo() {
    List<Planned> one =
        List.of(
            new Planned.Known("d\n", "a.One", Action.REGISTERED, List.of("x\ny")),
            new Planned.Known("d\n", "a.Two", Action.REGISTERED, List.of("x\ny")),
            new Planned.Failed("e", "a.One", "no"),
            new Planned.Failed("e", "a.Two", "no"));
    Plan plan =
        registrar(
                settings(),
                new Foreign("odd", Set::of, failing(new StackOverflowError()), List::of),
                new Foreign("told", Set::of, () -> one, List::of),
                GOOD)
            .plan();
    assertThat(plan.definitionLines())
        .containsExactly(
            "send   told  d\\u000a  for a.One, a.Two",
            "       x\\u000ay",
            "send   good  g  for a.One");
    assertThat(plan.summary()).contains("  definitions: 2 to register, 0 unchanged");
    assertThat(plan.failures().stream().skip(1).map(ForeignRegistrarTest::text))
        .containsExactly(
            "[] What the registrar odd would do is not known: java.lang.StackOverflowError",
            "[a.One, a.Two] e: no");
  }

  @Test
  void oneThatCannotBeUsedIsToldAndTheOthersAre() {
    String why =
        "the registrar " + Foreign.class.getName() + " cannot be used: its name may have only";
    ImageRegistrar registrar =
        registrar(
            settings(),
            new Foreign("a.b", Set::of, List::of, List::of),
            new Foreign("x", failing(new AssertionError("boom")), List::of, List::of),
            GOOD,
            GOOD);
    Registration registration = registrar.register();
    assertThat(registration.registrations()).hasSize(1);
    assertThat(registration.failures().stream().skip(1).map(Failure::message))
        .satisfiesExactly(
            first -> assertThat(first).contains(why),
            second -> assertThat(second).contains("cannot be used: boom"),
            third -> assertThat(third).contains("two registrars have the name good"));
    Definition unknown = new Definition("x", dir.resolve("f"));
    assertThatThrownBy(
            registrar(
                    unknown,
                    new Foreign("x", failing(new AssertionError("boom")), List::of, List::of),
                    GOOD)
                ::plan)
        .hasMessageContaining("the kinds are good. Besides, the registrar")
        .hasMessageContaining("boom");
  }

  /** The settings of registrars are known only by loading them. */
  @Test
  void aSettingOfARegistrarThatCannotBeLoadedIsNoBug() throws Exception {
    new Project(dir).write("jar/META-INF/services/" + TaskRegistrar.class.getName(), "no.Such\n");
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader loader =
        new URLClassLoader(new URL[] {dir.resolve("jar/").toUri().toURL()}, before)) {
      thread.setContextClassLoader(loader);
      SettingsReader reader = Settings.reader();
      assertThatThrownBy(() -> reader.configuration("pom", Map.of("imagespec.x.y", "z")))
          .isInstanceOf(ImageSpecException.class)
          .hasMessageContaining("A registrar cannot be loaded")
          .hasMessageContaining("no.Such");
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  void aDefinitionThatIsNamedTwiceIsAnError() {
    Definition once = new Definition("good", dir.resolve("f"));
    Definition again = new Definition("good", dir.resolve("x/../f"));
    assertThatThrownBy(registrar(settings().definitions(List.of(once, again)), GOOD)::plan)
        .hasMessageContaining("is named twice");
  }
}
