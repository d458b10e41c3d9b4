package dev.imagespec.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.model.Manifest;
import dev.imagespec.testkit.Fault;
import dev.imagespec.testkit.RegistryServer;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a publication waits for, and what it does not wait for. */
class PublishingTest {
  private static final int PATIENCE_SECONDS = 20;

  @TempDir Path dir;
  @RegisterExtension final LocalRegistries registries = new LocalRegistries();
  private final RegistryServer plain = registries.another();
  private Project project = new Project(Path.of(""));

  @BeforeEach
  void start() {
    project = new Project(dir);
    registries.pushBase();
  }

  /** A task with the files of a folder, and nothing else. */
  private void task(String name, String repository, String baseImage, String folder) {
    project.write("files/" + folder + "/data", folder);
    project.task(
        Project.task(
            name,
            repository,
            baseImage,
            Project.payload(Map.of("WHO", name), new Manifest.Copy("files/" + folder, "/data", "")),
            "linux/amd64"));
  }

  private Registration register() {
    return LocalRegistries.registrar(registries.settings(project).registry(plain.registry()))
        .register();
  }

  /** Waits until something is so; else the registration goes on, and the test fails. */
  private static boolean await(BooleanSupplier condition) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!condition.getAsBoolean() && System.nanoTime() < end) {
      Thread.onSpinWait();
    }
    return condition.getAsBoolean();
  }

  @Test
  void theLayersOfABaseTravelWithoutWaitingForThoseOfThePayload() {
    task("a.Task", "team/app", Project.BASE, "x");
    plain.inject(Fault.first("HEAD manifest", () -> project.write("files/x/data", "changed")));
    Registration registration = register();
    assertThat(registration.failures())
        .singleElement()
        .satisfies(failure -> assertThat(failure.code()).isEqualTo(FailureCode.FILE_CHANGED));
    assertThat(plain.blobs("team/app"))
        .as("the payload was never there to be sent")
        .hasSize(2)
        .isSubsetOf(registries.other.blobs("base"));
  }

  @Test
  void aRepositoryWaitsOnlyForTheManifestThatItMountsFrom() {
    task("a.One", "team/one", "scratch", "x");
    task("a.Two", "team/two", "scratch", "x");
    task("b.One", "other/one", "scratch", "y");
    task("b.Two", "other/two", "scratch", "y");
    boolean[] passed = new boolean[1];
    plain.inject(
        Fault.first(
            "PUT manifest",
            () -> passed[0] = await(() -> plain.journal().count("PUT manifest") >= 2)));
    assertThat(register().failures()).isEmpty();
    assertThat(passed[0]).as("two manifests passed the first one").isTrue();
    assertThat(plain.journal().count("PUT blob"))
        .as("two layers, four configurations")
        .isEqualTo(6);
  }

  @Test
  void aBlobThatFailsFailsTheImagesThatNeedItAlone() {
    task("a.One", "team/one", "scratch", "x");
    task("a.Two", "team/two", "scratch", "y");
    project.write("files/x/data", "x");
    plain.inject(
        Fault.first("HEAD manifest", () -> project.write("files/x/data", "changed meanwhile")));
    Registration registration = register();
    assertThat(registration.tasks()).containsOnlyKeys("a.Two");
    assertThat(registration.failures())
        .singleElement()
        .satisfies(failure -> assertThat(failure.tasks()).containsExactly("a.One"));
  }
}
