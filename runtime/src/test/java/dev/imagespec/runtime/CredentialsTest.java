package dev.imagespec.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.model.Manifest;
import dev.imagespec.model.Registry;
import dev.imagespec.testkit.Journal;
import dev.imagespec.testkit.RegistryServer;
import dev.imagespec.testkit.TestImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Credentials that neither Docker nor Amazon knows. */
class CredentialsTest {
  private static final String USER = "ci-robot";
  private static final String CANARY = "canary-88e1\"0c";
  private static final Map<String, String> BOTH =
      Map.of("IMAGESPEC_REGISTRY_USERNAME", USER, "IMAGESPEC_REGISTRY_PASSWORD", CANARY);

  @TempDir Path dir;
  @RegisterExtension final LocalRegistries registries = new LocalRegistries();
  private final RegistryServer target = RegistryServer.basic(USER, CANARY);
  private Project project = new Project(Path.of(""));

  @BeforeEach
  void start() {
    project = new Project(dir);
    registries.other.push("base", "1", TestImage.small());
    FakeEngine.reset();
  }

  @AfterEach
  void stop() {
    target.close();
  }

  private SettingsReader reader(Map<String, String> environment, String registry) {
    return Settings.reader()
        .workingDirectory(dir)
        .commandLine(
            Map.of(
                "imagespec.classpath",
                "classes",
                "imagespec.mirrors",
                "registry.example=" + registries.other.registry(),
                "imagespec.ecr.hosts",
                registries.ecr.registry(),
                "imagespec.engine",
                "fake",
                "imagespec.engine.logs",
                "logs"))
        .configuration(
            "test", registry.isEmpty() ? Map.of() : Map.of("imagespec.registry", registry))
        .environment(environment);
  }

  private Settings settings(Map<String, String> environment) {
    return reader(environment, target.registry()).read();
  }

  private static Registration register(Settings settings) {
    return ImageRegistrar.of(settings).withTaskRegistrars(List.of()).register();
  }

  private static List<Journal.Entry> authorized(RegistryServer registry) {
    return registry.journal().entries().stream().filter(Journal.Entry::authorized).toList();
  }

  @Test
  void theTargetGetsThemInEveryUseCaseAndTheBasesRegistryDoesNot() {
    project.task(Project.task("a.One", "team/app", "x"));
    assertThat(register(settings(Map.of())).failures())
        .singleElement()
        .matches(failure -> failure.code() == FailureCode.UNAUTHORIZED);

    Settings settings = settings(BOTH);
    assertThat(ImageRegistrar.of(settings).plan().failures()).isEmpty();
    assertThat(register(settings).failures()).isEmpty();
    assertThat(ImageRegistrar.of(settings).lock().bases()).hasSize(1);
    Doctor doctor = Doctor.of(settings).in(Map.of("PATH", ""), Clock.systemUTC());
    assertThat(doctor.examine().findings())
        .filteredOn(finding -> finding.check().equals("credentials"))
        .isNotEmpty()
        .allMatch(finding -> finding.status() == Diagnosis.Status.OK);
    Inventory inventory = ImageInventory.of(settings).list(List.of());
    assertThat(inventory.failures()).isEmpty();
    assertThat(inventory.repositories().get(0).images()).hasSize(1);
    assertThat(RegistryLogin.of(settings).login(target.registry()))
        .hasValue(new RegistryLogin.Login(USER, CANARY));
    assertThat(RegistryLogin.of(settings).login(registries.other.registry())).isEmpty();
    assertThat(registries.other.journal().entries()).isNotEmpty();
    assertThat(authorized(registries.other)).isEmpty();
  }

  @Test
  void withoutASettingTheTargetIsTheAnnotationsAndABaseThereGetsThemToo() {
    target.push("base", "1", TestImage.small());
    project.task(
        Project.in(
            target.registry(),
            Project.task(
                "a.One",
                "team/app",
                target.registry() + "/base:1",
                Project.payload(Map.of()),
                "linux/amd64")));
    Settings settings = reader(BOTH, "").read();
    assertThat(ImageRegistrar.of(settings).lock().bases()).hasSize(1);
    assertThat(register(settings).failures()).isEmpty();
  }

  @Test
  void aSettingThatMovesTheImagesMovesThemAway() {
    project.task(
        Project.in(
            target.registry(),
            Project.task(
                "a.One",
                "team/app",
                target.registry() + "/base:1",
                Project.payload(Map.of()),
                "linux/amd64")));
    target.push("base", "1", TestImage.small());
    Registration registration = register(reader(BOTH, registries.other.registry()).read());
    assertThat(registration.failures()).hasSize(1);
    assertThat(authorized(target)).as("only a base is there").isEmpty();
  }

  @Test
  void amazonTakesItsOwnCredentials() {
    project.task(Project.task("a.One", "team/app", "x"));
    Settings settings = reader(BOTH, registries.ecr.registry()).read();
    assertThat(register(settings).failures()).isEmpty();
    assertThat(RegistryLogin.of(settings).login(registries.ecr.registry()))
        .get()
        .extracting(RegistryLogin.Login::user)
        .isEqualTo("AWS");
  }

  @Test
  void anEnginePushesWithThemAndNothingShowsThem() throws IOException {
    Manifest.Environment steps =
        new Manifest.Environment(
            List.of("git"), List.of(), "", "", List.of(), List.of(), List.of());
    project.task(Project.with(steps, Project.task("a.One", "team/app", "x")));
    List<String> told = Collections.synchronizedList(new ArrayList<>());
    FakeEngine.before = (build, output) -> output.line("pushing as " + USER + " " + CANARY);
    Settings settings = settings(BOTH);
    Registration registration =
        ImageRegistrar.of(settings)
            .withTaskRegistrars(List.of())
            .withListener(event -> told.add(event.toString()))
            .register();
    assertThat(registration.failures()).isEmpty();
    assertThat(told).isNotEmpty();
    try (var logs = Files.list(dir.resolve("logs"))) {
      logs.forEach(log -> told.add(read(log)));
    }
    assertThat(told).anyMatch(text -> text.contains("pushing as"));
    assertThat(told.toString() + settings.targetCredential()).doesNotContain(CANARY);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void oneWithoutTheOtherIsAnError() {
    for (String given : BOTH.keySet()) {
      String missing =
          BOTH.keySet().stream().filter(name -> !name.equals(given)).findFirst().orElseThrow();
      assertThatThrownBy(() -> settings(Map.of(given, "x", missing, "")))
          .isInstanceOf(ImageSpecException.class)
          .hasMessage("environment variable " + given + ": set " + missing + ", too, or neither.");
    }
  }

  @Test
  void whatNoRegistryTakesIsAnErrorThatDoesNotRepeatIt() {
    assertThatThrownBy(
            () ->
                settings(
                    Map.of(
                        "IMAGESPEC_REGISTRY_USERNAME",
                        USER,
                        "IMAGESPEC_REGISTRY_PASSWORD",
                        CANARY + "\n")))
        .hasMessageContaining("the password contains a line break")
        .hasMessageNotContaining(CANARY);
    assertThatThrownBy(() -> new RegistryCredential("a:b", "x"))
        .hasMessage("a user name has no colon");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "imagespec.registry.username",
        "imagespec.registry.password",
        "imagespec.registry-password"
      })
  void noOtherPlaceHasThem(String name) throws IOException {
    String why = "only by the environment variables IMAGESPEC_REGISTRY_USERNAME and";
    assertThatThrownBy(() -> Settings.reader().commandLine(Map.of(name, CANARY)))
        .hasMessageStartingWith(name + ": ")
        .hasMessageContaining(why)
        .hasMessageNotContaining(CANARY);
    Properties properties = new Properties();
    properties.setProperty(name, CANARY);
    assertThatThrownBy(() -> Settings.reader().systemProperties(properties))
        .hasMessageStartingWith("system property " + name)
        .hasMessageContaining(why)
        .hasMessageNotContaining(CANARY);
    Files.writeString(dir.resolve("imagespec.properties"), name + "=" + CANARY);
    assertThatThrownBy(() -> settings(BOTH))
        .hasMessageContaining("imagespec.properties, " + name)
        .hasMessageContaining(why)
        .hasMessageNotContaining(CANARY);
  }

  @Test
  void aProviderIsAskedLastAndOnceForEachRegistryButNeverForAmazon() {
    project.task(Project.task("a.One", "team/app", "x"));
    List<Registry> asked = Collections.synchronizedList(new ArrayList<>());
    CredentialProvider provider =
        registry -> {
          asked.add(registry);
          return registry.toString().equals(target.registry())
              ? Optional.of(new RegistryCredential(USER, CANARY))
              : Optional.empty();
        };
    Settings settings = settings(Map.of());
    Registration registration =
        ImageRegistrar.of(settings)
            .withCredentials(provider)
            .withTaskRegistrars(List.of())
            .register();
    assertThat(registration.failures()).isEmpty();
    assertThat(asked)
        .containsExactlyInAnyOrder(
            Registry.parse(target.registry()), Registry.parse(registries.other.registry()));
    assertThat(ImageInventory.of(settings).withCredentials(provider).list(List.of()).failures())
        .isEmpty();
    assertThat(
            Doctor.of(settings)
                .withCredentials(provider)
                .in(Map.of("PATH", ""), Clock.systemUTC())
                .examine()
                .findings())
        .filteredOn(finding -> finding.check().equals("credentials"))
        .allMatch(finding -> finding.status() == Diagnosis.Status.OK);

    asked.clear();
    CredentialProvider wrong =
        registry -> {
          asked.add(registry);
          return Optional.of(new RegistryCredential("wrong", "wrong"));
        };
    assertThat(ImageRegistrar.of(settings(BOTH)).withCredentials(wrong).plan().failures())
        .isEmpty();
    assertThat(asked).doesNotContain(Registry.parse(target.registry()));
    asked.clear();
    assertThat(
            ImageRegistrar.of(reader(BOTH, registries.ecr.registry()).read())
                .withCredentials(wrong)
                .plan()
                .failures())
        .isEmpty();
    assertThat(asked).doesNotContain(Registry.parse(registries.ecr.registry()));
  }
}
