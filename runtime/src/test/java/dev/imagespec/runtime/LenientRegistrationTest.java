package dev.imagespec.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.imagespec.runtime.registry.FastClient;
import dev.imagespec.testkit.Fault;
import dev.imagespec.testkit.Journal;
import dev.imagespec.testkit.RegistryServer;
import dev.imagespec.testkit.TestImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whole registrations with registries and bases that are not quite as the specification says. */
@Timeout(60)
class LenientRegistrationTest {
  private static final TestImage BASE =
      TestImage.builder().layer("etc/a", "a").platforms("linux/amd64", "linux/arm64").build();

  @TempDir Path dir;
  @RegisterExtension final LocalRegistries registries = new LocalRegistries();
  private final RegistryServer other = registries.other;
  private Project project = new Project(Path.of(""));

  @BeforeEach
  void start() {
    project = new Project(dir);
    other.push("base", "1", BASE);
  }

  private Registration register(Settings settings) {
    return ImageRegistrar.of(settings)
        .withTaskRegistrars(List.of())
        .withSessions(registries.sessions(new FastClient()))
        .register();
  }

  private Settings to(RegistryServer registry) {
    return registries.settings(project).registry(registry.registry()).build();
  }

  @ParameterizedTest
  @CsvSource({
    "412, PRECONDITION, configured as immutable",
    "400, UNKNOWN, Repository does not allow updating assets",
    "403, DENIED, forbidden to overwrite",
    "409, CONFLICT, exists"
  })
  void anEqualImageUnderATagThatCannotBeWrittenIsAdopted(int status, String code, String message) {
    project.task(Project.task("a.One", "team/app", "x"));
    String error = "{\"errors\":[{\"code\":\"" + code + "\",\"message\":\"" + message + "\"}]}";
    // Somebody else has stored it since the tag was looked for.
    other.inject(Fault.replace("PUT manifest", 1, status, error));
    Registration registration = register(to(other));
    assertThat(registration.failures()).isEmpty();
    assertThat(registration.tasks()).containsOnlyKeys("a.One");
    assertThat(other.journal().count("PUT manifest")).isEqualTo(1);
  }

  @ParameterizedTest
  @ValueSource(ints = {412, 400, 403, 409})
  void aPushThatWasStoredAndAnsweredWithAnErrorIsAdoptedTheSecondTime(int second) {
    project.task(Project.task("a.One", "team/app", "x"));
    other.inject(Fault.replace("PUT manifest", 1, 503, ""));
    Fault refusal = Fault.respond("PUT manifest", 1, second, "{}", Map.of());
    other.inject(Fault.first("PUT manifest", () -> other.inject(refusal)));
    Registration registration = register(to(other));
    assertThat(registration.failures()).isEmpty();
    assertThat(registration.tasks()).containsOnlyKeys("a.One");
  }

  @ParameterizedTest
  @CsvSource({"412, tag-immutable", "400, protocol", "403, denied"})
  void aRefusalOfATagThatNamesNothingStaysARefusal(int status, String code) {
    project.task(Project.task("a.One", "team/app", "x"));
    other.inject(Fault.respond("PUT manifest", 9, status, "{}", Map.of()));
    Registration registration = register(to(other));
    assertThat(registration.failures())
        .singleElement()
        .satisfies(failure -> assertThat(failure.code()).hasToString(code));
  }

  @Test
  void aRepositoryThatOnlyAPushTokenCreatesIsPushedTo() {
    project.task(Project.task("a.One", "team/app", "x"));
    try (RegistryServer target = RegistryServer.bearer("", "")) {
      target.admit((path, scopes) -> scopes.contains("push"));
      Registration registration = register(to(target));
      assertThat(registration.failures()).isEmpty();
      assertThat(registration.tasks()).containsOnlyKeys("a.One");
    }
  }

  @Test
  void indexAndConfigurationsSayTheSameOfTheirPlatforms() throws IOException {
    other.push(
        "base",
        "1",
        TestImage.builder()
            .layer("etc/a", "a")
            .platforms("linux/amd64", "linux/arm64")
            .configVariant("arm64", "v8")
            .build());
    project.task(
        Project.task(
            "a.One",
            "team/app",
            Project.BASE,
            Project.payload(Map.of()),
            "linux/amd64",
            "linux/arm64"));
    Registration registration = register(registries.settings(project).build());
    assertThat(registration.failures()).isEmpty();
    JsonNode index = registries.manifest("team/app", LocalRegistries.digest(registration, "a.One"));
    assertThat(index.path("manifests")).hasSize(2);
    for (JsonNode entry : index.path("manifests")) {
      JsonNode manifest = registries.manifest("team/app", entry.path("digest").asText());
      JsonNode config = registries.config("team/app", manifest);
      for (String field : List.of("os", "architecture", "variant", "os.version")) {
        assertThat(entry.path("platform").path(field)).isEqualTo(config.path(field));
      }
    }
    assertThat(index.toString()).contains("\"variant\":\"v8\"");
    assertThat(ImageRegistrar.of(registries.settings(project).build()).plan().images())
        .allSatisfy(image -> assertThat(image.action()).isEqualTo(Plan.Action.REUSE));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"rootfs\":{}",
        "\"rootfs\":{\"type\":\"layers\",\"diff_ids\":null}",
        "\"rootfs\":null",
        "\"x\":1",
        "\"variant\":null,\"config\":null,\"history\":null,\"created\":null",
        "\"config\":{\"Env\":null,\"Labels\":null,\"Entrypoint\":null,\"OnBuild\":null}"
      })
  void aBaseWithoutLayersIsABaseAndANullIsAnAbsence(String fields) throws IOException {
    other.push(
        "odd",
        "1",
        TestImage.builder()
            .configuration("{\"os\":\"linux\",\"architecture\":\"amd64\"," + fields + "}")
            .build());
    project
        .task(
            Project.task(
                "a.Odd",
                "team/odd",
                "registry.example/odd:1",
                Project.payload(Map.of("A", "1")),
                "linux/amd64"))
        .task(Project.task("a.Other", "team/app", "x"));
    Registration registration = register(registries.settings(project).build());
    assertThat(registration.failures()).isEmpty();
    assertThat(registration.tasks()).containsOnlyKeys("a.Odd", "a.Other");
    JsonNode manifest =
        registries.manifest("team/odd", LocalRegistries.digest(registration, "a.Odd"));
    JsonNode config = registries.config("team/odd", manifest);
    assertThat(config.path("rootfs").path("type").asText()).isEqualTo("layers");
    assertThat(config.path("rootfs").path("diff_ids")).hasSameSizeAs(manifest.path("layers"));
    assertThat(config).noneMatch(JsonNode::isNull);
  }

  /** A pull-through cache answers so to the first reading by digest. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aCacheThatKnowsADigestOnlyAfterItsTagIsAskedByTag(boolean pinned) {
    project.task(Project.task("a.One", "team/app", "x"));
    assertThat(register(registries.settings(project).build()).failures()).isEmpty();
    String base = pinned ? Project.BASE + "@" + BASE.digest() : Project.BASE;
    project.task(
        Project.task("a.Two", "team/two", base, Project.payload(Map.of("A", "2")), "linux/amd64"));
    other.journal().clear();
    other.inject(Fault.respond("GET manifest", 1, 404, "{}", Map.of()));
    Registration registration = register(registries.settings(project).build());
    assertThat(registration.failures()).isEmpty();
    assertThat(other.journal().entries().stream().map(Journal.Entry::path))
        .anyMatch(path -> path.endsWith("/manifests/1"));
  }

  @Test
  void aTagThatHasMovedIsNoSubstituteForTheLockedDigest() {
    project.task(Project.task("a.One", "team/app", "x"));
    assertThat(register(registries.settings(project).build()).failures()).isEmpty();
    project.task(Project.task("a.Two", "team/two", "y"));
    try (RegistryServer moved = RegistryServer.anonymous()) {
      moved.push("base", "1", TestImage.builder().layer("etc/a", "another").build());
      Registration registration =
          register(
              registries
                  .settings(project)
                  .mirrors(List.of(Mirror.parse("registry.example=" + moved.registry())))
                  .build());
      assertThat(registration.failures())
          .singleElement()
          .satisfies(failure -> assertThat(failure.code()).isEqualTo(FailureCode.BASE_NOT_FOUND));
      assertThat(moved.journal().count("GET blob")).isZero();
    }
  }
}
