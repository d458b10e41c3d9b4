package dev.imagespec.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.imagespec.ImageSpec;
import dev.imagespec.model.Manifest;
import dev.imagespec.processor.TestCompiler.Compiled;
import dev.imagespec.processor.TestCompiler.Said;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** What compilations have that others have not: modules, releases, languages, other processors. */
class CompilationsTest {
  private static final String SPEC = "@dev.imagespec.ImageSpec(baseImage = \"b:1\") ";
  private static final String MAIN =
      "@dev.imagespec.ImageSpec(baseImage = \"b:1\", mainClass = Task.class) ";

  @TempDir private Path dir;

  private Compiled compile(TestCompiler compiler, Map<String, String> sources, String... options) {
    return compiler.compile(dir, sources, List.of(ImageSpecProcessor.class), options);
  }

  private static Manifest manifest(Compiled compiled, String task) {
    assertThat(compiled.succeeded()).as("%s", compiled.said()).isTrue();
    return Manifest.parse(compiled.output("META-INF/imagespec/" + task + "/manifest.json"));
  }

  private static String annotations() throws URISyntaxException {
    return Path.of(ImageSpec.class.getProtectionDomain().getCodeSource().getLocation().toURI())
        .toString();
  }

  @ParameterizedTest
  @CsvSource({"JAVAC, 17", "JAVAC_25, 17", "JAVAC_25, 25"})
  void aModuleOfTasksCompiles(TestCompiler compiler, String release) throws URISyntaxException {
    Compiled compiled =
        compile(
            compiler,
            Map.of(
                "module-info.java",
                "module my.tasks { requires dev.imagespec.annotations; }",
                "t/Task.java",
                "package t; " + SPEC + "public class Task {}"),
            "--module-path",
            annotations(),
            "--release",
            release);
    assertThat(manifest(compiled, "t.Task").baseImage()).isEqualTo("b:1");
    assertThat(compiled.said()).isEmpty();
  }

  /** The annotation of the parameter stands in the text of its type. */
  @ParameterizedTest
  @EnumSource
  void aMainWithAnnotatedTypesIsAMain(TestCompiler compiler) {
    String nonNull =
        "@java.lang.annotation.Target({java.lang.annotation.ElementType.PARAMETER,"
            + " java.lang.annotation.ElementType.TYPE_USE}) @interface NotNull {}";
    for (String main :
        List.of(
            "public static void main(@NotNull String[] args)",
            "public static void main(String @NotNull [] args)",
            "public static void main(@NotNull String @NotNull ... args)",
            "public static final void main(@NotNull() java.lang.String[] args)",
            "public static void main(java.lang.@NotNull String[] args)")) {
      Compiled compiled =
          compile(
              compiler,
              Map.of(
                  "t/Task.java",
                  "package t; " + MAIN + "public class Task { " + main + " {} } " + nonNull));
      assertThat(manifest(compiled, "t.Task").payload().mainClass()).as(main).isEqualTo("t.Task");
    }
  }

  private static final List<String> COMPACT =
      List.of(
          "class Task { void main() {} }",
          "class Task { static void main() {} }",
          "class Task { void main(String[] args) {} }",
          "class Task { static void main(String[] args) {} }",
          "class Task { protected void main(String... args) {} }",
          "class Task extends Base {} class Base { void main() {} }",
          "class Task { Task() {} void main() {} }",
          "interface Task { static void main() {} }",
          "enum Task { ONE; static void main() {} }");
  private static final List<String> NO_MAINS =
      List.of(
          "class Task {}",
          "class Task { private static void main(String[] args) {} }",
          "class Task { int main() { return 0; } }",
          "class Task { void main(int x) {} }",
          "abstract class Task { void main() {} }",
          "class Task { Task(int x) {} void main() {} }",
          "class Task { private Task() {} void main() {} }",
          "class Task { void main(String[] args) {} Task(int x) {} static void main() {} }",
          "interface Task { void main(); }");

  @ParameterizedTest
  @EnumSource(names = {"JAVAC_25", "ECJ"})
  void aMainOfJava25RunsWhereTheReleaseHasIt(TestCompiler compiler) {
    assumeTrue(compiler != TestCompiler.ECJ || LaterJavac.isThere(), LaterJavac.MISSING);
    for (String task : COMPACT) {
      List<Said> said = said(compiler, task, compiler == TestCompiler.ECJ ? "17" : "25");
      if (compiler == TestCompiler.ECJ) {
        assertThat(said)
            .as(task)
            .singleElement()
            .satisfies(one -> assertThat(one.text()).contains("only since Java 25"));
      } else {
        assertThat(said).as(task).isEmpty();
      }
    }
    for (String task : NO_MAINS) {
      assertThat(said(compiler, task, compiler == TestCompiler.ECJ ? "17" : "25"))
          .as(task)
          .singleElement()
          .satisfies(one -> assertThat(one.text()).contains("has no public static void main("));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"JAVAC", "JAVAC_25"})
  void aMainOfJava25IsRefusedBeforeWithTheReason(TestCompiler compiler) {
    for (String task : COMPACT) {
      assertThat(said(compiler, task, "17"))
          .as(task)
          .singleElement()
          .satisfies(one -> assertThat(one.text()).contains("IMG010").contains("since Java 25"));
    }
  }

  private List<Said> said(TestCompiler compiler, String task, String release) {
    return compile(
            compiler, Map.of("t/Task.java", "package t; " + MAIN + task), "--release", release)
        .ours();
  }

  @ParameterizedTest
  @EnumSource
  void aMainClassMayBeKnownByNameAlone(TestCompiler compiler) {
    Map<String, String> sources =
        Map.of(
            "t/package-info.java",
            "@dev.imagespec.ImageSpec(baseImage = \"b:1\", mainClassName = \"far.Main\") package t;",
            "t/Far.java",
            "package t; @dev.imagespec.ImageSpec class Far {}",
            "t/Near.java",
            "package t; @dev.imagespec.ImageSpec(mainClass = Near.class) class Near { public static"
                + " void main(String[] a) {} static class In { public static void main(String[] a) {} }"
                + " }",
            "t/Nested.java",
            "package t; @dev.imagespec.ImageSpec(mainClassName = \"t.Near.In\") class Nested {}",
            "t/Binary.java",
            "package t; @dev.imagespec.ImageSpec(mainClassName = \"t.Near$In\") class Binary {}");
    Compiled compiled = compile(compiler, sources);
    assertThat(manifest(compiled, "t.Far").payload().mainClass()).isEqualTo("far.Main");
    assertThat(manifest(compiled, "t.Near").payload().mainClass()).isEqualTo("t.Near");
    assertThat(manifest(compiled, "t.Nested").payload().mainClass()).isEqualTo("t.Near$In");
    assertThat(manifest(compiled, "t.Binary").payload().mainClass()).isEqualTo("t.Near$In");
    assertThat(manifest(compiled, "t.Far").payload().command()).endsWith("far.Main");
  }

  /** The compiler of Kotlin adds a main for java, which is synthetic. */
  @ParameterizedTest
  @EnumSource
  void aTopLevelMainOfKotlinRunsWhereItIsSeen(TestCompiler compiler) {
    Map<String, String> kotlin =
        Map.of(
            "kotlin/Metadata.java",
            "package kotlin; public @interface Metadata {}",
            "t/TopKt.java",
            "package t; @kotlin.Metadata public final class TopKt { public static final void main() {} }");
    assertThat(compile(compiler, kotlin).succeeded()).isTrue();
    Compiled compiled =
        compile(
            compiler,
            Map.of(
                "t/Task.java",
                "package t; @dev.imagespec.ImageSpec(baseImage = \"b:1\", mainClassName = \"t.TopKt\")"
                    + " class Task {}"));
    assertThat(manifest(compiled, "t.Task").payload().mainClass()).isEqualTo("t.TopKt");
  }

  @ParameterizedTest
  @CsvSource({"JAVAC, 8", "JAVAC, 11", "JAVAC_25, 8", "JAVAC_25, 11", "ECJ, 8", "ECJ, 11"})
  void anOlderReleaseIsOneErrorAndNothingIsGenerated(TestCompiler compiler, String release) {
    Compiled compiled =
        compile(
            compiler,
            Map.of(
                "t/Task.java",
                "package t; " + SPEC + "class Task {}",
                "t/Two.java",
                "package t; @dev.imagespec.ImageSpec(baseImage = \"a b\") class Two {}"),
            "--release",
            release);
    assertThat(compiled.succeeded()).isFalse();
    assertThat(compiled.ours())
        .singleElement()
        .satisfies(
            said -> assertThat(said.text()).contains("Java 17 or later, not for " + release + ";"));
    assertThat(compiled.said().stream().filter(said -> said.kind().name().equals("ERROR")))
        .hasSize(1);
    assertThat(compiled.outputs()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void anAnnotationThatAnotherProcessorMakesIsWaitedFor(TestCompiler compiler) {
    Map<String, String> sources = new TreeMap<>();
    sources.put("t/Alone.java", "package t; @made.Composed class Alone {}");
    sources.put("t/Imported.java", "package t; import made.*; @Composed class Imported {}");
    sources.put(
        "t/Half.java",
        "package t; import made.Composed; @Composed @dev.imagespec.ImageSpec(workingDirectory ="
            + " \"/w\") class Half {}");
    sources.put("t/Mine.java", "package t; @made.Composed @interface Mine {}");
    sources.put("t/Through.java", "package t; @Mine class Through {}");
    sources.put("t/Outer.java", "package t; class Outer { @made.Composed static class In {} }");
    sources.put(
        "t/Again.java",
        "package t; import java.lang.annotation.*; @Repeatable(Again.All.class) @interface Again {"
            + " @interface All { Again[] value(); } }");
    sources.put("t/Repeated.java", "package t; @Again @Again @made.Composed class Repeated {}");
    sources.put("p/package-info.java", "@made.Composed package p;");
    sources.put(
        "p/Packaged.java", "package p; @dev.imagespec.ImageSpec(args = \"x\") class Packaged {}");
    for (boolean first : List.of(true, false)) {
      Compiled compiled =
          compiler.compile(
              dir.resolve("first" + first),
              sources,
              first
                  ? List.of(ComposingProcessor.class, ImageSpecProcessor.class)
                  : List.of(ImageSpecProcessor.class, ComposingProcessor.class));
      for (String task :
          List.of(
              "t.Alone",
              "t.Imported",
              "t.Half",
              "t.Through",
              "t.Repeated",
              "t.Outer$In",
              "p.Packaged")) {
        Manifest manifest = manifest(compiled, task);
        assertThat(manifest.baseImage()).as(task).isEqualTo("made:1");
        assertThat(manifest.payload().user()).as(task).isEqualTo("made");
      }
      assertThat(manifest(compiled, "t.Half").payload().workingDirectory()).isEqualTo("/w");
      assertThat(manifest(compiled, "p.Packaged").payload().args()).containsExactly("x");
    }
  }

  /** Where javac's trees cannot be read, because something is between javac and the processor. */
  @ParameterizedTest
  @EnumSource
  void anAnnotationThatAnotherProcessorMakesIsFoundWithoutTrees(TestCompiler compiler) {
    Compiled compiled =
        compiler.compile(
            dir,
            Map.of("t/Outer.java", "package t; class Outer { @made.Composed static class In {} }"),
            List.of(InterposedProcessor.Recording.class, ComposingProcessor.class));
    assertThat(manifest(compiled, "t.Outer$In").baseImage()).isEqualTo("made:1");
  }

  @ParameterizedTest
  @EnumSource
  void anAnnotationThatDoesNotComeIsTheCompilersBusiness(TestCompiler compiler) {
    Compiled compiled =
        compile(
            compiler, Map.of("t/Task.java", "package t; @made.Composed " + SPEC + "class Task {}"));
    assertThat(compiled.succeeded()).isFalse();
    assertThat(compiled.ours()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"JAVAC", "JAVAC_25"})
  void severalModulesAreCompiledAtOnce(TestCompiler compiler) throws URISyntaxException {
    Map<String, String> sources = new TreeMap<>();
    for (String module : List.of("one", "two")) {
      sources.put(
          module + "/module-info.java",
          "module " + module + " { requires dev.imagespec.annotations; }");
      sources.put(
          module + "/t/Task.java",
          "package t; @dev.imagespec.ImageSpec(baseImage = \"b:1\", user = \""
              + module
              + "\") class Task {}");
    }
    Compiled compiled =
        compile(
            compiler,
            sources,
            "--module-source-path",
            dir.resolve("in").toString(),
            "--module-path",
            annotations());
    assertThat(compiled.succeeded()).as("%s", compiled.said()).isTrue();
    for (String module : List.of("one", "two")) {
      assertThat(
              Manifest.parse(compiled.output(module + "/META-INF/imagespec/t.Task/manifest.json"))
                  .payload()
                  .user())
          .isEqualTo(module);
      assertThat(compiled.outputs()).containsKey("src/" + module + "/t/TaskImage.java");
    }
  }

  @ParameterizedTest
  @EnumSource
  void thePackageMayHaveClassesWithTheNamesOfJavas(TestCompiler compiler) {
    Map<String, String> sources = new TreeMap<>();
    for (String name : List.of("String", "Override", "Object", "Generated", "RegistrationRecord")) {
      sources.put("t/" + name + ".java", "package t; class " + name + " {}");
    }
    sources.put(
        "t/Task.java",
        "package t; " + MAIN + "class Task { public static void main(java.lang.String[] a) {} }");
    assertThat(manifest(compile(compiler, sources), "t.Task").payload().mainClass())
        .isEqualTo("t.Task");
    Compiled own =
        compile(
            compiler,
            Map.of(
                "t/Task.java",
                "package t; " + MAIN + "class Task { public static void main(String[] a) {} }"));
    assertThat(own.ours()).singleElement().matches(said -> said.text().contains("IMG010"));
  }

  @ParameterizedTest
  @EnumSource(names = {"JAVAC", "JAVAC_25"})
  void aClassInAMethodIsNoTask(TestCompiler compiler) {
    String mine = "@dev.imagespec.ImageSpec(baseImage = \"b:1\") @interface Mine {}";
    for (String body :
        List.of(
            "void run() { @ImageSpec(baseImage = \"b:1\") class In {} }",
            "void run() { @dev.imagespec.ImageSpec class In {} }",
            "void run() { @Mine record In(int x) {} }",
            "{ @Mine class In {} }",
            "static { @Mine enum In {} }",
            "Runnable run = () -> { @Mine class In {} };",
            "Object run = new Object() { @Mine class In {} };",
            "static class Deep { void run() { @Mine class In {} } }")) {
      Compiled compiled =
          compile(
              compiler,
              Map.of(
                  "t/Job.java",
                  "package t;\nimport dev.imagespec.*;\nclass Job { " + body + " } " + mine));
      assertThat(compiled.succeeded()).as(body).isFalse();
      assertThat(compiled.ours())
          .as(body)
          .singleElement()
          .satisfies(
              said -> {
                assertThat(said.text()).startsWith("IMG049 @ImageSpec \"In\": a class in a method");
                assertThat(said.line()).isEqualTo(3);
              });
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"JAVAC", "JAVAC_25"})
  void aBuildToolAroundJavacHidesNothing(TestCompiler compiler) {
    Compiled compiled =
        compiler.compile(
            dir,
            Map.of(
                "t/Job.java",
                "package t; class Job { void run() { " + SPEC + "class In {} } }",
                "t/Half.java",
                "package t; @made.Composed @dev.imagespec.ImageSpec(args = \"x\") class Half {}"),
            List.of(WrappedProcessor.class, ComposingProcessor.class));
    assertThat(compiled.ours()).singleElement().matches(said -> said.text().contains("IMG049"));
    assertThat(Manifest.parse(compiled.output("META-INF/imagespec/t.Half/manifest.json")))
        .satisfies(half -> assertThat(half.baseImage()).isEqualTo("made:1"))
        .satisfies(half -> assertThat(half.payload().args()).containsExactly("x"));
  }

  /** What every processor causes is silenced as docs/checks.md says. */
  @ParameterizedTest
  @EnumSource(names = {"JAVAC", "JAVAC_25"})
  void allWarningsAsErrorsAreNone(TestCompiler compiler) throws URISyntaxException {
    List<String> options =
        new ArrayList<>(List.of("-Xlint:all", "-Xlint:-processing", "-Xlint:-options", "-Werror"));
    String task =
        "package t; "
            + MAIN
            + "public class Task { private Task() {} public static void"
            + " main(String[] a) {} }";
    Compiled plain = compile(compiler, Map.of("t/Task.java", task), options.toArray(String[]::new));
    assertThat(plain.said()).isEmpty();
    options.addAll(List.of("--module-path", annotations()));
    Compiled module =
        compiler.compile(
            dir.resolve("module"),
            Map.of(
                "module-info.java",
                "module my.tasks { requires dev.imagespec.annotations; exports t; }",
                "t/Task.java",
                task),
            List.of(ImageSpecProcessor.class),
            options.toArray(String[]::new));
    assertThat(module.said()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void aMessageHasItsPlaceOnEveryKindOfElement(TestCompiler compiler) {
    Compiled compiled =
        compile(
            compiler,
            Map.of(
                "t/package-info.java",
                "@dev.imagespec.ImageSpec(\n    user = \"a b\")\npackage t;\n",
                "t/Part.java",
                "package t;\n@dev.imagespec.ImageSpec(\n    user = \"c d\")\n@interface Part {}\n",
                "t/Task.java",
                "package t;\n@dev.imagespec.ImageSpec(baseImage = \"b:1\",\n    user = \"e f\")\n"
                    + "record Task(int x) {}\n",
                "t/Kind.java",
                "package t;\n@dev.imagespec.ImageSpec(baseImage = \"b:1\",\n    user = \"g h\")\n"
                    + "enum Kind { ONE }\n"));
    Map<String, Long> lines = new TreeMap<>();
    for (Said said : compiled.ours()) {
      lines.merge(
          said.file().substring(said.file().lastIndexOf('/') + 1), said.line(), (a, b) -> -2L);
    }
    if (compiler == TestCompiler.ECJ) {
      // It has no place for records and packages. The text names them.
      assertThat(lines.keySet()).containsExactlyInAnyOrder("", "Part.java", "Kind.java");
      assertThat(compiled.ours().stream().map(Said::text))
          .anyMatch(text -> text.startsWith("t.Task: IMG033 user \"e f\""))
          .anyMatch(text -> text.startsWith("package t: IMG033 user \"a b\""));
    } else {
      assertThat(lines)
          .as("%s", compiled.said())
          .isEqualTo(
              Map.of("package-info.java", 2L, "Part.java", 3L, "Task.java", 3L, "Kind.java", 3L));
    }
  }
}
