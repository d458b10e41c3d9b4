package dev.imagespec.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.imagespec.model.Manifest;
import dev.imagespec.testkit.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The folder for temporary files: what lies there, and what happens if it is full or missing. */
class TemporaryFolderTest {
  private static final int PAYLOAD = 4 << 20;

  @TempDir Path dir;
  @RegisterExtension final LocalRegistries registries = new LocalRegistries();
  private Project project = new Project(Path.of(""));
  private Path temp = Path.of("");
  private boolean mounted;

  @BeforeEach
  void start() throws IOException {
    project = new Project(dir.resolve("app"));
    temp = Files.createDirectory(dir.resolve("temp"));
    byte[] noise = new byte[PAYLOAD];
    new Random(1).nextBytes(noise);
    Files.createDirectories(project.dir.resolve("data"));
    Files.write(project.dir.resolve("data/noise"), noise);
    project.task(
        Project.task(
            "a.Task",
            "team/app",
            Manifest.SCRATCH,
            Project.started("/f", new Manifest.Copy("data", "/to", "")),
            "linux/amd64"));
  }

  @AfterEach
  void unmount() throws Exception {
    if (mounted) {
      assertThat(run("umount", temp.toString())).isZero();
    }
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command).start().waitFor();
  }

  /** Gives the folder so much room. */
  private void room(int bytes) throws Exception {
    mounted = run("mount", "-t", "tmpfs", "-o", "size=" + bytes, "tmpfs", temp.toString()) == 0;
    assumeTrue(mounted, "only root may mount");
  }

  private Registration register(Path folder) {
    return LocalRegistries.registrar(registries.settings(project).temp(folder)).register();
  }

  @Test
  void aFullFolderIsOneErrorThatSaysWhereAndWhatToDo() throws Exception {
    room(PAYLOAD / 2);
    assertThat(register(temp).failures())
        .singleElement()
        .satisfies(
            failure -> {
              assertThat(failure.code()).isEqualTo(FailureCode.LOCAL_IO);
              assertThat(failure.message())
                  .isEqualTo(
                      "The layer \"files\" cannot be built: no space is left on the disk. Free some"
                          + " space in "
                          + temp
                          + ", or name another folder with imagespec.temp.");
            });
    assertThat(temp).isEmptyDirectory();
  }

  /** The compressed layer and nothing else of the payload's size, while it is pushed. */
  @Test
  void thePayloadIsThereOnce() throws Exception {
    room(PAYLOAD + PAYLOAD / 4);
    AtomicReference<List<Long>> sizes = new AtomicReference<>(List.of());
    registries.ecr.inject(Fault.first("PUT manifest", () -> sizes.set(sizes(temp))));
    assertThat(register(temp).failures()).isEmpty();
    assertThat(sizes.get())
        .filteredOn(size -> size > PAYLOAD / 100)
        .singleElement()
        .satisfies(size -> assertThat(size).isBetween((long) PAYLOAD, PAYLOAD * 101L / 100));
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void aMissingFolderIsOneErrorThatNamesTheSetting() {
    Path missing = dir.resolve("missing");
    assertThat(thrown(missing))
        .isEqualTo(
            "No temporary folder can be made in "
                + missing
                + ": it does not exist. Name another folder with imagespec.temp.");
    assertThat(missing).doesNotExist();
  }

  private String thrown(Path folder) {
    try {
      throw new IllegalStateException(register(folder).toString());
    } catch (ImageSpecException e) {
      return e.getMessage();
    }
  }

  @Test
  void whatAKilledRegistrationLeftThereIsDeleted() throws IOException {
    Path left = Files.createDirectory(temp.resolve("imagespec-left"));
    Files.writeString(left.resolve("lock"), "");
    assertThat(register(temp).failures()).isEmpty();
    assertThat(temp).isEmptyDirectory();
    Files.createDirectory(left);
    Files.writeString(left.resolve("lock"), "");
    assertThat(register(temp).images()).allMatch(image -> image.bytesUploaded() == 0);
    assertThat(temp).as("with nothing to build").isEmptyDirectory();
  }

  private static List<Long> sizes(Path folder) {
    try (Stream<Path> tree = Files.walk(folder)) {
      return tree.filter(Files::isRegularFile).map(file -> file.toFile().length()).toList();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
