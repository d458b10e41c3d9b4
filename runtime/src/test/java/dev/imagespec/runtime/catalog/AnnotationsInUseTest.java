package dev.imagespec.runtime.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.ImageSpec;
import dev.imagespec.model.Manifest;
import dev.imagespec.runtime.TaskSource;
import dev.imagespec.testkit.TestJar;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The annotations' own jar is in images whose classes use it, and in no others. */
class AnnotationsInUseTest {
  private static final String GENERATED =
      """
      package a;
      public final class %s {
        public static final String TASK = "a.Task";
        public static String reference() {
          return dev.imagespec.RegistrationRecord.lookUp(TASK, null);
        }
      }
      """;

  @TempDir Path dir;
  private Path classes = Path.of("");

  @BeforeEach
  void start() throws IOException {
    classes = dir.resolve("classes");
    compile(
        classes,
        "a.Task",
        "package a; @dev.imagespec.ImageSpec(name = \"a\", baseImage = \"b\") public class Task {}");
    manifest(classes, "a.Task");
  }

  private static void manifest(Path entry, String task) throws IOException {
    Path file = entry.resolve(Manifest.resourceFolder(task) + Manifest.FILE);
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, "{}");
  }

  private static Path annotations() {
    try {
      return Path.of(ImageSpec.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  private void compile(Path to, String name, String source) throws IOException {
    Path file = dir.resolve("sources").resolve(name.replace('.', '/') + ".java");
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, source);
    Files.createDirectories(to);
    List<String> line =
        List.of(
            "-proc:none",
            "-cp",
            annotations() + ":" + classes,
            "-d",
            to.toString(),
            file.toString());
    assertThat(
            ToolProvider.getSystemJavaCompiler().run(null, null, null, line.toArray(new String[0])))
        .isZero();
  }

  /** The jar of a folder's classes. */
  private Path jar(Path folder) throws IOException {
    TestJar jar = TestJar.empty();
    try (var tree = Files.walk(folder)) {
      for (Path file : tree.filter(Files::isRegularFile).collect(Collectors.toList())) {
        jar.file(folder.relativize(file).toString(), Files.readAllBytes(file));
      }
    }
    Path path = dir.resolve(folder.getFileName() + ".jar");
    jar.write(path);
    return path;
  }

  private boolean isLeftOut(Path... dependencies) {
    List<TaskSource.Entry> entries = new ArrayList<>();
    entries.add(new TaskSource.Entry(classes, TaskSource.Kind.CLASSES));
    entries.add(new TaskSource.Entry(annotations(), TaskSource.Kind.DEPENDENCY));
    Arrays.stream(dependencies)
        .forEach(path -> entries.add(new TaskSource.Entry(path, TaskSource.Kind.DEPENDENCY)));
    TaskSource source = new TaskSource(":a", dir, entries, List.of());
    List<TaskSource.Entry> left = source.withoutUnusedAnnotations().classPath();
    List<TaskSource.Entry> others = new ArrayList<>(entries);
    others.remove(1);
    assertThat(left).isIn(entries, others);
    return left.equals(others);
  }

  @Test
  void annotationsAloneAreNoUse() {
    assertThat(isLeftOut()).isTrue();
  }

  private static final String FLYTE =
      "package a; import dev.imagespec.FlyteTask.*; @dev.imagespec.FlyteTask(inputs = @Input(name ="
          + " \"x\", type = Type.STRING, shape = Shape.LIST)) public class Task { %s }";

  @Test
  void constantsInAnnotationsAreNoUse() throws IOException {
    compile(classes, "a.Task", FLYTE.formatted(""));
    assertThat(isLeftOut()).isTrue();
  }

  @Test
  void constantsInCodeAreUse() throws IOException {
    compile(classes, "a.Task", FLYTE.formatted("Object type = Type.STRING;"));
    assertThat(isLeftOut()).isFalse();
  }

  @Test
  void readingInputsOfATaskIsUse() throws IOException {
    compile(
        classes,
        "a.Task",
        FLYTE.formatted("Object io() { return new dev.imagespec.flyte.TaskIo(); }"));
    assertThat(isLeftOut()).isFalse();
  }

  @Test
  void aGeneratedClassThatNobodyCallsIsNoUse() throws IOException {
    compile(classes, "a.TaskImage", GENERATED.formatted("TaskImage"));
    assertThat(isLeftOut()).isTrue();
  }

  @Test
  void aGeneratedClassThatIsCalledIsUse() throws IOException {
    compile(classes, "a.TaskImage", GENERATED.formatted("TaskImage"));
    compile(
        classes,
        "a.Caller",
        "package a; class Caller { String image() { return TaskImage.reference(); } }");
    assertThat(isLeftOut()).isFalse();
  }

  @Test
  void aClassOfThatNameWithoutATaskIsTheUsersOwn() throws IOException {
    compile(classes, "a.OtherImage", GENERATED.formatted("OtherImage"));
    assertThat(isLeftOut()).isFalse();
  }

  @Test
  void theGeneratedClassOfANestedTaskIsKnown() throws IOException {
    compile(classes, "a.Outer_InnerImage", GENERATED.formatted("Outer_InnerImage"));
    manifest(classes, "a.Outer$Inner");
    assertThat(isLeftOut()).isTrue();
  }

  @Test
  void jarsAreLookedThrough() throws IOException {
    Path annotated = dir.resolve("annotated");
    compile(
        annotated,
        "b.Task",
        "package b; @dev.imagespec.ImageSpec(name = \"b\", baseImage = \"b\") public class Task {}");
    assertThat(isLeftOut(jar(annotated))).isTrue();
    Path reader = dir.resolve("reader");
    compile(
        reader,
        "b.Reader",
        "package b; class Reader { Object o() throws Exception {"
            + " return dev.imagespec.RegistrationRecord.parse(\"{}\"); } }");
    assertThat(isLeftOut(jar(annotated), jar(reader))).isFalse();
  }
}
