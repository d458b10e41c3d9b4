package dev.imagespec.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.imagespec.model.Manifest;
import dev.imagespec.testkit.TestImage;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** A build of several modules, registered at once. */
class SeveralSourcesTest {
  @TempDir Path dir;
  @RegisterExtension final LocalRegistries registries = new LocalRegistries();
  private Project first = new Project(Path.of(""));
  private Project second = new Project(Path.of(""));

  @BeforeEach
  void start() {
    registries.other.push("base", "1", TestImage.builder().layer("etc/a", "a").build());
    first = new Project(dir.resolve("first"));
    second = new Project(dir.resolve("second"));
  }

  private static TaskSource source(Project project, String name) {
    return TaskSource.of(project.dir, List.of(project.classes)).withName(name);
  }

  private Registration register() {
    Settings settings = registries.settings(first).projectDir(dir).classPath(List.of()).build();
    return ImageRegistrar.of(settings, List.of(source(first, "first"), source(second, "second")))
        .withTaskRegistrars(List.of())
        .register();
  }

  @Test
  void equalSpecsOfTwoModulesAreOneImageAndTheRegistrationHasOneLockAndOneToken() {
    first.task(Project.task("a.One", "team/app", "x"));
    second.task(Project.task("b.Two", "team/app", "x"));
    Registration registration = register();
    assertThat(registration.failures()).isEmpty();
    assertThat(registration.images())
        .singleElement()
        .satisfies(image -> assertThat(image.tasks()).containsExactly("a.One", "b.Two"));
    assertThat(dir.resolve("imagespec.lock")).exists();
    assertThat(dir.resolve("first/imagespec.lock")).doesNotExist();
    assertThat(registries.ecr.journal().count("GetAuthorizationToken")).isEqualTo(1);
  }

  @Test
  void twoSourcesMayTakeDifferentTasksOfOneFolder() {
    first.task(Project.task("a.One", "team/app", "x"));
    first.task(Project.task("a.Two", "team/app", "y"));
    Settings settings = registries.settings(first).classPath(List.of()).build();
    List<TaskSource> sources =
        List.of(
            source(first, "one").withClasses(List.of("a.One")),
            source(first, "two").withClasses(List.of("a.Two")));
    Registration registration =
        ImageRegistrar.of(settings, sources).withTaskRegistrars(List.of()).register();
    assertThat(registration.failures()).isEmpty();
    assertThat(registration.tasks()).containsOnlyKeys("a.One", "a.Two");
  }

  @Test
  void filesAndClassPathsAreEachModulesOwn() throws IOException {
    Manifest.Copy copy = new Manifest.Copy("conf", "/etc/app", "");
    first
        .task(program("a.One", copy))
        .write("conf/f", "of the first")
        .write("classes/only-first.txt", "x");
    second.task(program("b.Two", copy)).write("conf/f", "of the second");
    Registration registration = register();
    assertThat(registration.failures()).isEmpty();
    assertThat(layers(registration, "a.One"))
        .doesNotContainAnyElementsOf(layers(registration, "b.Two"))
        .hasSizeGreaterThan(2);
  }

  private static Manifest program(String name, Manifest.Copy copy) {
    return Project.task(name, "team/app", Project.BASE, Project.program(name, copy), "linux/amd64");
  }

  /** The payload's layers that hold something of the module. */
  private List<String> layers(Registration registration, String task) throws IOException {
    JsonNode manifest = registries.manifest("team/app", LocalRegistries.digest(registration, task));
    List<String> digests = new java.util.ArrayList<>();
    JsonNode history = registries.config("team/app", manifest).path("history");
    int layer = 0;
    for (JsonNode entry : history) {
      if (entry.path("created_by").asText().equals("imagespec")
          && !entry.path("comment").asText().equals("dependencies")) {
        digests.add(manifest.path("layers").path(layer).path("digest").asText());
      }
      layer++;
    }
    return digests;
  }

  @Test
  void aTaskMayBeBasedOnTheImageOfAnotherModulesTask() {
    first.task(Project.task("a.Base", "team/app", "x"));
    second.task(Project.basedOn("a.Base", Project.task("b.Top", "team/app", "y")));
    Registration registration = register();
    assertThat(registration.failures()).isEmpty();
    assertThat(registration.tasks()).containsOnlyKeys("a.Base", "b.Top");
  }
}
