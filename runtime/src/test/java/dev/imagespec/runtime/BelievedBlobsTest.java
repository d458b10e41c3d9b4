package dev.imagespec.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.memory.MachineMemory;
import dev.imagespec.testkit.EcrServer;
import dev.imagespec.testkit.RegistryServer;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What is believed of a repository without asking, and is wrong, costs one more try. */
class BelievedBlobsTest {
  @TempDir Path dir;
  @RegisterExtension final LocalRegistries registries = new LocalRegistries();
  private final EcrServer ecr = registries.ecr;
  private final RegistryServer plain = registries.another();
  private Project project = new Project(Path.of(""));

  @BeforeEach
  void start() {
    project = new Project(dir);
    registries.pushBase();
    task("1");
  }

  private void task(String number) {
    project.task(Project.task("a.Task" + number, "team/app", number));
  }

  private Registration register(String registry) {
    return LocalRegistries.register(registries.settings(project).registry(registry));
  }

  /** Makes the memory say that a repository has blobs. */
  private void poison(String registry, Set<Digest> blobs) {
    MachineMemory memory =
        MachineMemory.in(
            dir.resolve("memory"),
            InstantSource.system(),
            note -> {
              throw new AssertionError(note);
            });
    memory.saw(Repository.parse(registry + "/team/app"), blobs);
    memory.save();
  }

  private Set<Digest> blobsOfThisImage() {
    try (RegistryServer elsewhere = RegistryServer.anonymous()) {
      register(elsewhere.registry());
      return elsewhere.blobs("team/app");
    }
  }

  @Test
  void amazonEcrRefusesAndGetsWhatTheMemoryWronglyKnew() {
    Set<Digest> blobs = blobsOfThisImage();
    ecr.createRepository("team/app", false);
    poison(ecr.registry(), blobs);
    ecr.journal().clear();
    register(ecr.registry());
    assertThat(ecr.blobs("team/app")).isEqualTo(blobs);
    assertThat(ecr.journal().count("PUT manifest")).as("the first was refused").isEqualTo(2);
    assertThat(ecr.journal().count("PUT blob")).isEqualTo(blobs.size());

    // What was learnt is right now: only the new configuration is asked for and sent.
    task("2");
    ecr.journal().clear();
    register(ecr.registry());
    assertThat(ecr.journal().count("PUT manifest")).isEqualTo(1);
    assertThat(ecr.journal().count("PUT blob")).isEqualTo(1);
  }

  @Test
  void aRightMemorySparesTheQuestions() {
    register(ecr.registry());
    ecr.deleteTag("team/app", ecr.tags("team/app").keySet().iterator().next());
    ecr.journal().clear();
    register(ecr.registry());
    assertThat(ecr.journal().count("BatchCheckLayerAvailability")).isZero();
    assertThat(ecr.journal().count("HEAD blob")).isZero();
    assertThat(ecr.journal().count("PUT blob")).isZero();
    assertThat(ecr.journal().count("PUT manifest")).isEqualTo(1);
  }

  @Test
  void aRegistryThatTakesAnythingGetsAWholeImageWhateverTheMemorySays() {
    Set<Digest> blobs = blobsOfThisImage();
    plain.takeIncompleteManifests();
    poison(plain.registry(), blobs);
    register(plain.registry());
    assertThat(plain.blobs("team/app")).isEqualTo(blobs);
  }

  @Test
  void aBlobThatAnExistingManifestNamesAndThatIsLostIsSentAgain() {
    register(plain.registry());
    register(ecr.registry());
    for (String registry : List.of(plain.registry(), ecr.registry())) {
      boolean isEcr = registry.equals(ecr.registry());
      Set<Digest> before = isEcr ? ecr.blobs("team/app") : plain.blobs("team/app");
      for (Digest digest : before) {
        if (isEcr) {
          ecr.lose("team/app", digest);
        } else {
          plain.lose("team/app", digest);
        }
      }
      task("2");
      register(registry);
      Set<Digest> after = isEcr ? ecr.blobs("team/app") : plain.blobs("team/app");
      Set<Digest> shared = new HashSet<>(after);
      shared.retainAll(before);
      assertThat(after).as("two layers and a configuration in " + registry).hasSize(3);
      assertThat(shared).as("the layers").hasSize(2);
    }
  }
}
