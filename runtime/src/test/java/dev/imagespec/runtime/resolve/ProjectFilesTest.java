package dev.imagespec.runtime.resolve;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.check.SensitiveFiles;
import dev.imagespec.model.Manifest;
import dev.imagespec.runtime.TaskSource;
import dev.imagespec.runtime.memory.MachineMemory;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read again by a registration that finds nothing changed. */
class ProjectFilesTest {
  @TempDir Path dir;

  private Instant now = Instant.now().plusSeconds(60);
  private Path classes;
  private Path jar;
  private Path application;

  @BeforeEach
  void write() throws IOException {
    classes = dir.resolve("classes");
    for (int i = 0; i < 10; i++) {
      Files.createDirectories(classes.resolve("p" + i));
      Files.writeString(classes.resolve("p" + i).resolve("A.class"), "class " + i);
    }
    jar = dir.resolve("a.jar");
    zip(jar, "x");
    application = dir.resolve("app.war");
    zip(application, "WEB-INF/web.xml", "WEB-INF/lib/a.jar", "index.html");
  }

  private static void zip(Path file, String... names) throws IOException {
    try (OutputStream out = Files.newOutputStream(file);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (String name : names) {
        zip.putNextEntry(new ZipEntry(name));
        zip.write(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        zip.closeEntry();
      }
    }
  }

  private MachineMemory memory() {
    return MachineMemory.in(
        dir.resolve("memory"),
        () -> now,
        note -> {
          throw new AssertionError(note);
        });
  }

  private record Read(List<Layer> layers, int files) {}

  private Read read() {
    MachineMemory memory = memory();
    ProjectFiles files = new ProjectFiles(Set.of(), memory);
    SensitiveFiles sensitive = SensitiveFiles.unlessNamed(List.of());
    List<Layer> layers =
        new java.util.ArrayList<>(
            ClassPathLayers.of(
                List.of(
                    new TaskSource.Entry(classes, TaskSource.Kind.DEPENDENCY),
                    new TaskSource.Entry(jar, TaskSource.Kind.DEPENDENCY)),
                files,
                sensitive));
    layers.addAll(
        ApplicationLayers.of(
            new Manifest.Application("app.war", "/srv/app"), dir, files, sensitive));
    memory.save();
    return new Read(layers, files.reads());
  }

  @Test
  void nothingThatIsUnchangedIsReadAgain() {
    Read first = read();
    assertThat(first.files()).as("classes, jar twice, entries").isEqualTo(10 + 2 + 3);
    Read second = read();
    assertThat(second.files()).isZero();
    assertThat(second.layers()).isEqualTo(first.layers());
  }

  @Test
  void oneChangedFileOfEqualSizeAndTimeIsReadAlone() throws IOException {
    Read first = read();
    Path file = classes.resolve("p3/A.class");
    FileTime time = Files.getLastModifiedTime(file);
    Files.writeString(file, "CLASS 3");
    Files.setLastModifiedTime(file, time);
    Read second = read();
    assertThat(second.files()).isEqualTo(1);
    assertThat(second.layers()).isNotEqualTo(first.layers());
  }

  @Test
  void aChangedArchiveIsReadAgain() throws IOException {
    Read first = read();
    zip(application, "WEB-INF/web.xml", "WEB-INF/lib/a.jar", "Index.html");
    Read second = read();
    assertThat(second.files()).isEqualTo(3);
    assertThat(second.layers()).isNotEqualTo(first.layers());
  }

  @Test
  void filesThatChangedAMomentAgoAreReadAgain() {
    now = Instant.now();
    Read first = read();
    assertThat(read().files()).isEqualTo(first.files());
    assertThat(Map.of("layers", read().layers())).containsValue(first.layers());
  }
}
