package dev.imagespec.registrar.render;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageRegistrar;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.Plan;
import dev.imagespec.runtime.Registration;
import dev.imagespec.runtime.Rendering;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.SettingsBuilder;
import dev.imagespec.runtime.TaskRegistrar;
import dev.imagespec.testkit.RegistryServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Registrations that render files, from settings to what is on disk. */
class RenderRegistrarTest {
  @TempDir private Path dir;
  private final RegistryServer registry = RegistryServer.anonymous();
  private final List<String> said = new ArrayList<>();

  @BeforeEach
  void project() throws IOException {
    write("content", "x");
    task("a.One", "team/one");
    task("a.Two", "team/two");
    write("k8s/one.yaml", "# of a.One\nspec:\n  image: a.One\n  other: a.Onee\n");
  }

  @AfterEach
  void stop() {
    registry.close();
  }

  private void task(String name, String repository) throws IOException {
    task(name, repository, Manifest.SCRATCH);
  }

  private void task(String name, String repository, String base) throws IOException {
    Manifest manifest =
        new Manifest(
            name,
            "",
            repository,
            base,
            "",
            List.of(Platform.DEFAULT),
            Manifest.Environment.NONE,
            new Manifest.Payload(
                false,
                "",
                List.of(),
                List.of("/x"),
                List.of(),
                List.of(),
                List.of(),
                "",
                "",
                List.of(new Manifest.Copy("content", "/x", "")),
                Map.of(),
                Map.of("for", name)),
            Manifest.Repository.DEFAULT);
    write("classes/" + manifest.resourceName(), manifest.toJson());
    write("classes/" + name.replace('.', '/') + ".class", "class");
  }

  private Path write(String path, String text) throws IOException {
    Path file = dir.resolve(path);
    Files.createDirectories(file.resolveSibling(""));
    return Files.writeString(file, text);
  }

  private SettingsBuilder settings() {
    return Settings.builder()
        .noMemory()
        .projectDir(dir)
        .history(dir.resolve("history"))
        .classPath(List.of(dir.resolve("classes")))
        .registry(registry.registry());
  }

  private Rendering one() {
    return new Rendering(dir.resolve("k8s/one.yaml"), dir.resolve("out/one.yaml"));
  }

  /** Finds the registrar as users do. */
  private ImageRegistrar registrar(SettingsBuilder settings) {
    return ImageRegistrar.of(settings.build()).withListener(event -> said.add(event.toString()));
  }

  @Test
  void aFileIsWrittenOnceWithTheImagesThatWerePushed() throws IOException {
    SettingsBuilder settings = settings().render(List.of(one()));
    Plan before = registrar(settings).plan();
    assertThat(before.definitions())
        .containsExactly(
            new Plan.Definition(
                "render",
                one().from().toString(),
                "a.One",
                TaskRegistrar.Action.REGISTERED,
                List.of("line 3: (known after the push)")));
    assertThat(dir.resolve("out")).doesNotExist();

    Registration first = registrar(settings).register();
    String image = first.tasks().getOrDefault("a.One", "");
    assertThat(image).contains("/team/one@sha256:");
    assertThat(Files.readString(one().to()))
        .isEqualTo("# of a.One\nspec:\n  image: " + image + "\n  other: a.Onee\n");
    assertThat(first.registrations())
        .containsExactly(
            new Registration.RegisteredTask(
                "render",
                one().from().toString(),
                "a.One",
                image,
                one().to().toString(),
                TaskRegistrar.Action.REGISTERED));
    assertThat(said)
        .anyMatch(text -> text.contains("line 4: a.Onee is no task; did you mean a.One?"));

    FileTime old = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(one().to(), old);
    Registration second = registrar(settings).register();
    assertThat(second.registrations())
        .extracting(Registration.RegisteredTask::action)
        .containsExactly(TaskRegistrar.Action.UNCHANGED);
    assertThat(Files.getLastModifiedTime(one().to())).isEqualTo(old);
    Plan after = registrar(settings).plan();
    assertThat(after.hasWork()).isFalse();
    Files.writeString(one().to(), "another");
    assertThat(registrar(settings).plan().hasWork()).isTrue();

    Files.writeString(
        one().to(), Files.readString(one().from()).replace("a.One\n  ", image + "\n  "));
    write("content", "changed");
    assertThat(registrar(settings).plan().definitions())
        .flatExtracting(Plan.Definition::changes)
        .containsExactly("line 3: " + image + " → (known after the push)");
  }

  @Test
  void aFileOfATaskThatIsLeftOutIsPassedOver() throws IOException {
    write("k8s/both", "image: a.One\nand: a.Two\n");
    write("k8s/two", "image: a.Two\n");
    Rendering both = new Rendering(dir.resolve("k8s/both"), dir.resolve("both"));
    Rendering two = new Rendering(dir.resolve("k8s/two"), dir.resolve("two"));
    Registration registration =
        registrar(settings().render(List.of(both, two, one())).classes(List.of("a.One")))
            .register();
    assertThat(registration.failures()).isEmpty();
    assertThat(one().to()).exists();
    assertThat(both.to()).doesNotExist();
    assertThat(two.to()).doesNotExist();
    assertThat(said)
        .filteredOn(text -> text.contains("passed over"))
        .containsExactly(
            both.from()
                + ": is passed over, because this registration leaves out a.Two, which it names,"
                + " too.");
  }

  @Test
  void aFileOfATaskWithoutAnImageStaysAsItIs() throws IOException {
    write("k8s/both", "image: a.One\nand: a.Two\n");
    Rendering both = new Rendering(dir.resolve("k8s/both"), write("both", "old"));
    task("a.Two", "team/two", registry.registry() + "/absent:1");
    Registration registration = registrar(settings().render(List.of(both, one()))).register();
    assertThat(both.to()).hasContent("old");
    assertThat(one().to()).content().contains("/team/one@sha256:");
    assertThat(registration.failures())
        .anyMatch(
            failure ->
                failure.tasks().equals(List.of("a.Two"))
                    && failure.message().contains(both.to() + " is not written"));
  }

  @Test
  void whatIsWrongIsToldBeforeTheFirstRequest() throws IOException {
    write("k8s/none.yaml", "image: nginx\n");
    wrong(dir.resolve("k8s/none.yaml"), dir.resolve("out"), "names no task");
    wrong(dir.resolve("k8s/absent"), dir.resolve("out"), "cannot be read");
    wrong(one().from(), Files.createDirectory(dir.resolve("folder")), "cannot be written");
    assertThat(registry.journal().entries()).isEmpty();
  }

  @Test
  void nothingOfTheProjectIsWrittenOver() throws IOException {
    Path copy = one().to();
    overwritten(settings().render(List.of(one(), one())), copy);
    Path link = Files.createSymbolicLink(dir.resolve("link.yaml"), one().from());
    overwritten(settings().render(List.of(new Rendering(one().from(), link))), link);
    Files.createSymbolicLink(dir.resolve("same"), dir.resolve("k8s"));
    Path through = dir.resolve("same/one.yaml");
    overwritten(settings().render(List.of(new Rendering(one().from(), through))), through);
    Rendering two = new Rendering(write("two", "image: a.Two"), one().from());
    overwritten(settings().render(List.of(one(), two)), two.to());
    overwritten(settings().render(List.of(one())).lock(copy), copy);
    overwritten(settings().render(List.of(one())).record(copy), copy);
    overwritten(settings().render(List.of(one())).report(copy), copy);
    Path properties = dir.resolve("imagespec.properties");
    overwritten(settings().render(List.of(new Rendering(one().from(), properties))), properties);
    assertThat(registry.journal().entries()).isEmpty();
    assertThat(one().from()).content().contains("image: a.One");
  }

  private void overwritten(SettingsBuilder settings, Path file) {
    assertThatThrownBy(registrar(settings)::register)
        .isInstanceOfSatisfying(
            ImageSpecException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.INVALID_SETTING))
        .hasMessageContaining(file + " cannot be both the ")
        .hasMessageContaining("name another file for one.");
    assertThatThrownBy(registrar(settings)::plan).hasMessageContaining("cannot be both");
  }

  private void wrong(Path from, Path to, String message) {
    ImageRegistrar registrar = registrar(settings().render(List.of(new Rendering(from, to))));
    assertThatThrownBy(registrar::register)
        .isInstanceOfSatisfying(
            ImageSpecException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.INVALID_FILE))
        .hasMessageContaining(message);
    assertThatThrownBy(registrar::plan).hasMessageContaining(message);
  }

  @Test
  void noneIsWrittenIfNoTaskIsToBeRegistered() {
    Registration registration =
        registrar(settings().render(List.of(one())).noRegistrars(true)).register();
    assertThat(registration.failures()).isEmpty();
    assertThat(one().to()).doesNotExist();
  }
}
