package dev.imagespec.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.processor.ImageSpecProcessor;
import dev.imagespec.runtime.TaskSource;
import dev.imagespec.runtime.catalog.Catalog;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Compilations on top of one another, without a build tool that cleans up: nothing is stale. */
class IncrementalCompilationTest {
  private static final String SPEC = "@dev.imagespec.ImageSpec(baseImage = \"b:1\") ";

  @TempDir Path dir;

  /** Compiles these classes, each a name and what stands before {@code class}, over the others. */
  private void compile(String... namesAndAnnotations) throws IOException {
    List<Path> sources = new ArrayList<>();
    for (int i = 0; i < namesAndAnnotations.length; i += 2) {
      String name = namesAndAnnotations[i];
      String kind = name.equals("Mine") ? "@interface " : "class ";
      sources.add(
          Files.writeString(
              dir.resolve(name + ".java"),
              "package t; " + namesAndAnnotations[i + 1] + kind + name + " {}"));
    }
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager files =
        javac.getStandardFileManager(null, Locale.ROOT, StandardCharsets.UTF_8)) {
      JavaCompiler.CompilationTask task =
          javac.getTask(
              said,
              files,
              null,
              List.of(
                  "-d",
                  Files.createDirectories(classes()).toString(),
                  "-cp",
                  classes() + File.pathSeparator + System.getProperty("java.class.path")),
              null,
              files.getJavaFileObjectsFromPaths(sources));
      task.setProcessors(List.of(new ImageSpecProcessor()));
      assertThat(task.call()).as("%s", said).isTrue();
    }
  }

  private Path classes() {
    return dir.resolve("classes");
  }

  private Catalog catalog() {
    return Catalog.of(List.of(TaskSource.of(dir, List.of(classes()))));
  }

  @Test
  void whatLostItsAnnotationOrItsClassDoesNotRegister() throws IOException {
    compile("Mine", SPEC, "One", SPEC, "Two", "@Mine ", "Three", "@Mine " + SPEC);
    assertThat(catalog().names()).containsExactly("t.One", "t.Three", "t.Two");
    assertThat(catalog().notes()).isEmpty();

    compile("One", "");
    assertThat(catalog().names()).containsExactly("t.Three", "t.Two");
    assertThat(catalog().notes())
        .singleElement()
        .asString()
        .contains("t.One no longer carries @dev.imagespec.ImageSpec");

    compile("Two", "");
    assertThat(catalog().names()).containsExactly("t.Three");
    assertThat(catalog().notes().get(1)).contains("t.Two no longer carries @t.Mine");

    // Another compilation of what carries one of its two annotations still: a manifest of its own.
    compile("Three", SPEC);
    assertThat(catalog().names()).containsExactly("t.Three");

    Files.delete(classes().resolve("t/Three.class"));
    assertThat(catalog().names()).isEmpty();
    assertThat(catalog().notes()).anyMatch(note -> note.contains("its class t.Three is gone"));
  }
}
