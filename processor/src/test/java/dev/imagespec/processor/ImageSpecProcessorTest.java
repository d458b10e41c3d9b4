package dev.imagespec.processor;

import static com.google.testing.compile.CompilationSubject.assertThat;
import static com.google.testing.compile.Compiler.javac;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.testing.compile.Compilation;
import com.google.testing.compile.JavaFileObjects;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import javax.tools.JavaFileObject;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageSpecProcessorTest {
  private static Compilation compile(String source, String... options) {
    return javac()
        .withProcessors(new ImageSpecProcessor())
        .withOptions((Object[]) options)
        .compile(JavaFileObjects.forSourceString("t.Task", source));
  }

  private static String task(String attributes) {
    return "package t;\nimport dev.imagespec.*;\n@ImageSpec("
        + attributes
        + ")\npublic class Task {}\n";
  }

  @Test
  void thePagesTypoDoesNotCompile() {
    String source =
        """
        package t;

        import dev.imagespec.ImageSpec;

        @ImageSpec(
            registry = "123456789012.dkr.ecr.us-eas-1.amazonaws.com",
            name = "simple-example-image",
            baseImage = "ghcr.io/flyteorg/flytekit:py3.11-1.16.0",
            requirements = "image-requirements.txt")
        public final class Task {}
        """;
    Compilation compilation = compile(source);
    assertThat(compilation).failed();
    assertThat(compilation).hadErrorCount(1);
    assertThat(compilation)
        .hadErrorContaining("did you mean us-east-1?")
        .inFile(JavaFileObjects.forSourceString("t.Task", source))
        .onLine(6)
        .atColumn(16);
  }

  @Test
  void allProblemsOfAClassAreSaidAtOnce() {
    Compilation compilation =
        compile(task("baseImage = \"a b\", name = \"Bad\", ports = {\"80\", \"x\"}"));
    assertThat(compilation).hadErrorCount(3);
  }

  @Test
  void theCaretStandsOnTheElementOfAnArrayAndOnANestedValue() {
    String source =
        "package t;\nimport dev.imagespec.*;\n@ImageSpec(baseImage = \"b:1\",\n"
            + "  ports = {\"80\", \"x\"},\n  env = @Env(name = \"A B\", value = \"\"))\nclass Task {}\n";
    Compilation compilation = compile(source);
    assertThat(compilation)
        .hadErrorContaining("ports[1] \"x\"")
        .inFile(JavaFileObjects.forSourceString("t.Task", source))
        .onLine(4)
        .atColumn(18);
    assertThat(compilation)
        .hadErrorContaining("env[0].name \"A B\"")
        .inFile(JavaFileObjects.forSourceString("t.Task", source))
        .onLine(5)
        .atColumn(21);
  }

  @Test
  void warningsAreSuppressedOnTheClassAndOnWhatEnclosesIt() {
    assertThat(
            compile(
                "package t; import dev.imagespec.*; @SuppressWarnings(\"imagespec:unpinned\")"
                    + " @ImageSpec(baseImage = \"ubuntu\") class Task {}"))
        .succeededWithoutWarnings();
    assertThat(
            compile(
                "package t; import dev.imagespec.*; @SuppressWarnings(\"imagespec:unpinned\") class"
                    + " Task { @ImageSpec(baseImage = \"ubuntu\") static class In {} }"))
        .succeededWithoutWarnings();
  }

  @Test
  void strictMakesWarningsErrors() {
    assertThat(compile(task("baseImage = \"ubuntu\""), "-Aimagespec.strict"))
        .hadErrorContaining("IMG005");
    assertThat(compile(task("baseImage = \"ubuntu\""), "-Aimagespec.strict=false")).succeeded();
  }

  @Test
  void anUnresolvedConstantIsTheCompilersBusiness() {
    Compilation compilation = compile(task("baseImage = Missing.BASE"));
    assertThat(compilation).failed();
    assertThat(compilation.diagnostics())
        .noneMatch(diagnostic -> diagnostic.getMessage(null).contains("IMG0"));
  }

  @Test
  void anInheritedMainMethodCounts() {
    assertThat(
            compile(
                "package t; import dev.imagespec.*; @ImageSpec(baseImage = \"b:1\", mainClass ="
                    + " Task.class) public class Task extends Base {}\n"
                    + "class Base { public static void main(String[] a) {} }"))
        .succeededWithoutWarnings();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"minimal", "everything", "main", "nested", "scratch", "application", "flyte"})
  void outputsAreAsExpected(String name) throws IOException {
    Path golden = Path.of("src", "test", "resources", "golden", name);
    String source = Files.readString(golden.resolve("Task.java.txt"));
    Compilation compilation = compile(source);
    assertThat(compilation).succeeded();
    Map<String, String> outputs = outputs(compilation);
    if (System.getProperty("golden.write") != null) {
      for (Map.Entry<String, String> output : outputs.entrySet()) {
        Files.writeString(golden.resolve(output.getKey()), output.getValue());
      }
    }
    assertThat(outputs).hasSize(3);
    for (Map.Entry<String, String> output : outputs.entrySet()) {
      assertThat(output.getValue())
          .as(output.getKey())
          .isEqualTo(Files.readString(golden.resolve(output.getKey())));
    }
    assertThat(outputs(compile(source))).as("a second time").isEqualTo(outputs);
  }

  @Test
  void aWorkingDirectoryIsNormal() throws IOException {
    assertThat(dockerfile(task("baseImage = \"b:1\", workingDirectory = \"//b/./c/\"")).lines())
        .contains("WORKDIR \"/b/c\"");
  }

  private static String dockerfile(String source) throws IOException {
    Compilation compilation = compile(source);
    assertThat(compilation).succeeded();
    return outputs(compilation).getOrDefault("Dockerfile", "");
  }

  private static Map<String, String> outputs(Compilation compilation) throws IOException {
    Map<String, String> outputs = new TreeMap<>();
    for (JavaFileObject file : compilation.generatedFiles()) {
      String path = file.getName();
      if (path.endsWith(".class")) {
        continue;
      }
      try (InputStream in = file.openInputStream()) {
        String name = path.substring(path.lastIndexOf('/') + 1).replace(".java", ".java.txt");
        outputs.put(name, new String(in.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    return outputs;
  }
}
