package dev.imagespec.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.ImageSpec;
import dev.imagespec.model.Manifest;
import dev.imagespec.processor.TestCompiler.Compiled;
import dev.imagespec.processor.TestCompiler.Said;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The processor in every compiler: the same outputs, messages at the same places. */
class CompilersTest {
  private static final String FOLDER = "META-INF/imagespec/";
  private static final String SPEC = "@dev.imagespec.ImageSpec(baseImage = \"b:1\") ";

  @TempDir private Path dir;

  private Compiled compile(TestCompiler compiler, String... sources) {
    return compiler.compile(dir, sources(sources), List.of(ImageSpecProcessor.class));
  }

  private static Map<String, String> sources(String... pathsAndTexts) {
    Map<String, String> sources = new TreeMap<>();
    for (int i = 0; i < pathsAndTexts.length; i += 2) {
      sources.put(pathsAndTexts[i], pathsAndTexts[i + 1]);
    }
    return sources;
  }

  private static Set<String> tasks(Compiled compiled) {
    Set<String> tasks = new HashSet<>();
    for (String path : compiled.outputs().keySet()) {
      if (path.startsWith(FOLDER) && path.endsWith("/manifest.json")) {
        tasks.add(path.substring(FOLDER.length(), path.lastIndexOf('/')));
      }
    }
    return tasks;
  }

  @ParameterizedTest
  @EnumSource
  void outputsAreTheSameByteForByte(TestCompiler compiler) throws IOException {
    for (String golden :
        List.of("minimal", "everything", "main", "nested", "scratch", "application", "flyte")) {
      Path folder = Path.of("src", "test", "resources", "golden", golden);
      Path own = dir.resolve(golden);
      Compiled compiled =
          compiler.compile(
              own,
              sources("t/Task.java", Files.readString(folder.resolve("Task.java.txt"))),
              List.of(ImageSpecProcessor.class));
      assertThat(compiled.succeeded()).as("%s", compiled.said()).isTrue();
      String task = tasks(compiled).iterator().next();
      assertThat(compiled.outputs())
          .containsEntry(
              FOLDER + task + "/manifest.json", Files.readString(folder.resolve("manifest.json")))
          .containsEntry(
              FOLDER + task + "/Dockerfile", Files.readString(folder.resolve("Dockerfile")));
    }
  }

  @ParameterizedTest
  @EnumSource
  void aMessageNamesAttributeAndTextAndStandsAsNearAsTheCompilerCan(TestCompiler compiler) {
    Compiled compiled =
        compile(
            compiler,
            "t/Task.java",
            """
            package t;

            import dev.imagespec.*;

            @ImageSpec(
                baseImage = "a b",
                ports = {"80", "x"},
                env = @Env(name = "A B", value = ""))
            class Task {}
            """);
    assertThat(compiled.succeeded()).isFalse();
    List<Said> ours = compiled.ours();
    assertThat(ours).hasSize(3).allMatch(said -> said.kind() == Diagnostic.Kind.ERROR);
    assertThat(ours).allMatch(said -> said.file().endsWith("Task.java"));
    Said base = said(ours, "IMG004 baseImage \"a b\"");
    assertThat(base.line()).isEqualTo(6);
    Said port = said(ours, "IMG012 ports[1] \"x\"");
    Said env = said(ours, "IMG007 env[0].name \"A B\"");
    assertThat(env.line()).isEqualTo(8);
    // Eclipse's compiler cannot point to an element of an array.
    assertThat(port.line()).isEqualTo(compiler == TestCompiler.ECJ ? 5 : 7);
    if (compiler != TestCompiler.ECJ) {
      assertThat(port.column()).isEqualTo(20);
      assertThat(env.column()).isEqualTo(23);
    }
  }

  private static Said said(List<Said> all, String start) {
    return all.stream()
        .filter(one -> one.text().contains(start))
        .findFirst()
        .orElseThrow(() -> new AssertionError(start + " is not among " + all));
  }

  @ParameterizedTest
  @EnumSource
  void whatDoesNotExistIsTheCompilersBusiness(TestCompiler compiler) {
    for (String attributes :
        List.of(
            "baseImage = Missing.BASE",
            "baseImage = \"a b\" + Missing.BASE",
            "baseImage = \"b:1\", ports = Missing.PORT",
            "baseImage = \"b:1\", ports = {\"80\", Missing.PORT}",
            "baseImage = \"b:1\", env = @dev.imagespec.Env(name = Missing.NAME, value = \"\")",
            "baseImage = \"b:1\", ports = 7",
            "baseImage = \"b:1\", mainClass = Missing.class",
            "baseSpec = Missing.class",
            "baseImage = \"b:1\", nothing = \"x\"")) {
      Compiled compiled =
          compile(
              compiler,
              "t/Task.java",
              "package t; @dev.imagespec.ImageSpec(" + attributes + ") class Task {}");
      assertThat(compiled.succeeded()).as(attributes).isFalse();
      assertThat(compiled.ours()).as(attributes).isEmpty();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClassPathWithAHoleIsNoBugOfTheProcessor(TestCompiler compiler) throws IOException {
    Compiled library =
        compile(
            TestCompiler.JAVAC,
            "lib/A.java",
            "package lib; public class A {}",
            "lib/B.java",
            "package lib; public class B extends A { public static void main(String[] a) {} }");
    assertThat(library.succeeded()).isTrue();
    Files.delete(dir.resolve("out/lib/A.class"));
    Files.delete(dir.resolve("in/lib/A.java"));
    Compiled compiled =
        compile(
            compiler,
            "t/Task.java",
            "package t; @dev.imagespec.ImageSpec(baseImage = \"b:1\", mainClass = lib.B.class) class"
                + " Task {}");
    // Its own main method tells that it can be started, whatever it inherits.
    assertThat(compiled.succeeded()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void anInheritedMainBehindAHoleIsNoBugOfTheProcessor(TestCompiler compiler) throws IOException {
    Compiled library =
        compile(
            TestCompiler.JAVAC,
            "lib/A.java",
            "package lib; public class A { public static void main(String[] a) {} }",
            "lib/B.java",
            "package lib; public class B extends A {}");
    assertThat(library.succeeded()).isTrue();
    Files.delete(dir.resolve("out/lib/A.class"));
    Files.delete(dir.resolve("in/lib/A.java"));
    Compiled compiled =
        compile(
            compiler,
            "t/Task.java",
            "package t; @dev.imagespec.ImageSpec(baseImage = \"b:1\", mainClass = lib.B.class) class"
                + " Task {}");
    assertThat(compiled.succeeded()).isFalse();
    // Javac sees what is there, without a word on the hole.
    assertThat(compiled.ours())
        .singleElement()
        .satisfies(
            said ->
                assertThat(said.text())
                    .contains(compiler == TestCompiler.ECJ ? "IMG022" : "IMG010")
                    .contains(compiler == TestCompiler.ECJ ? "lib.A" : "lib.B"));
  }

  @ParameterizedTest
  @EnumSource
  void aTextThatLooksLikeAnErrorIsAText(TestCompiler compiler) {
    Compiled compiled =
        compile(
            compiler,
            "t/Texts.java",
            "package t; class Texts { static final String ERROR = \"<error>\"; }",
            "t/Task.java",
            "package t; @dev.imagespec.ImageSpec(baseImage = \"b:1\", args = {\"<error>\", \"<err\" +"
                + " \"or>\", Texts.ERROR, \"\" + Texts.ERROR}) class Task {}");
    assertThat(compiled.outputs().get(FOLDER + "t.Task/Dockerfile"))
        .contains("CMD [\"<error>\", \"<error>\", \"<error>\", \"<error>\"]");
    Compiled again =
        compile(
            compiler,
            "t/Other.java",
            "package t; @dev.imagespec.ImageSpec(baseImage = \"b:1\", args = Texts.ERROR) class"
                + " Other {}");
    assertThat(tasks(again)).contains("t.Other");
  }

  @ParameterizedTest
  @EnumSource
  void constantsAndTaskClassesMayBeMadeByOtherProcessors(TestCompiler compiler) {
    Compiled compiled =
        compiler.compile(
            dir,
            sources(
                "t/Task.java",
                "package t; @dev.imagespec.ImageSpec(baseImage = Made.BASE) class Task {}"),
            List.of(ImageSpecProcessor.class, ConstantProcessor.class));
    assertThat(compiled.succeeded()).as("%s", compiled.said()).isTrue();
    assertThat(tasks(compiled)).containsExactlyInAnyOrder("t.Task", "t.MadeTask");
    assertThat(compiled.outputs().get(FOLDER + "t.Task/manifest.json")).contains("made:1");
  }

  @ParameterizedTest
  @EnumSource
  void everyKindOfClassMayBeATask(TestCompiler compiler) {
    Compiled compiled =
        compile(
            compiler,
            "t/A.java",
            "package t; class A { static class B { " + SPEC + "static class C {} } }",
            "t/G.java",
            "package t; " + SPEC + "class G<T extends Comparable<T>> {}",
            "t/R.java",
            "package t; " + SPEC + "record R(int x) {}",
            "t/E.java",
            "package t; " + SPEC + "enum E { ONE }",
            "t/I.java",
            "package t; @dev.imagespec.ImageSpec(baseImage = \"b:1\", mainClass = I.class) interface"
                + " I { static void main(String[] a) {} }",
            "t/Foo$Bar.java",
            "package t; " + SPEC + "class Foo$Bar {}",
            "t/FooKt.java",
            "package t; " + SPEC + "class FooKt {}",
            "t/Größe.java",
            "package t; " + SPEC + "class Größe {}",
            "t/Case.java",
            "package t; " + SPEC + "class Case {}",
            "t/CASE.java",
            "package t; " + SPEC + "class CASE {}",
            "Top.java",
            SPEC + "class Top {}");
    assertThat(compiled.succeeded()).as("%s", compiled.said()).isTrue();
    assertThat(tasks(compiled))
        .containsExactlyInAnyOrder(
            "t.A$B$C",
            "t.G",
            "t.R",
            "t.E",
            "t.I",
            "t.Foo$Bar",
            "t.FooKt",
            "t.Größe",
            "t.Case",
            "t.CASE",
            "Top");
    assertThat(compiled.ours())
        .singleElement()
        .satisfies(
            said -> {
              assertThat(said.kind()).isEqualTo(Diagnostic.Kind.NOTE);
              assertThat(said.text()).contains("IMG044").contains("\"Case\"").contains("t.CASE");
            });
  }

  @ParameterizedTest
  @EnumSource
  void packagesAndAnnotationsGiveTheirParts(TestCompiler compiler) {
    Compiled compiled =
        compile(
            compiler,
            "t/package-info.java",
            "@dev.imagespec.ImageSpec(registry = \"ghcr.io\", aptPackages = \"git=1\","
                + " repository = @dev.imagespec.Repository(scanOnPush = true)) package t;",
            "t/Python.java",
            "package t; @dev.imagespec.ImageSpec(baseImage = \"python:3\", aptPackages = \"jq=1\")"
                + " public @interface Python {}",
            "t/Task.java",
            "package t; @Python class Task {}",
            "t/Other.java",
            "package t; @dev.imagespec.ImageSpec(baseSpec = Task.class) class Other {}",
            "t/None.java",
            "package t; class None extends Task {}");
    assertThat(compiled.succeeded()).as("%s", compiled.said()).isTrue();
    assertThat(tasks(compiled)).containsExactlyInAnyOrder("t.Task", "t.Other");
    Manifest task = Manifest.parse(compiled.output(FOLDER + "t.Task/manifest.json"));
    assertThat(task.annotations()).containsExactly("t.Python");
    assertThat(task.registry()).isEqualTo("ghcr.io");
    assertThat(task.baseImage()).isEqualTo("python:3");
    assertThat(task.environment().aptPackages()).containsExactly("git=1", "jq=1");
    assertThat(task.repository().scanOnPush()).isTrue();
    Manifest other = Manifest.parse(compiled.output(FOLDER + "t.Other/manifest.json"));
    assertThat(other.annotations()).containsExactly(Manifest.ANNOTATION);
    assertThat(other.baseSpec()).isEqualTo("t.Task");

    // From class files, as in a jar, an annotation says the same.
    Compiled later = compile(compiler, "u/Task.java", "package u; @t.Python class Task {}");
    assertThat(later.succeeded()).as("%s", later.said()).isTrue();
    assertThat(Manifest.parse(later.output(FOLDER + "u.Task/manifest.json")).baseImage())
        .isEqualTo("python:3");
  }

  @ParameterizedTest
  @EnumSource
  void subclassesDoNotInherit(TestCompiler compiler) {
    Compiled compiled =
        compile(
            compiler,
            "t/Mine.java",
            "package t; @java.lang.annotation.Inherited @dev.imagespec.ImageSpec(baseImage = \"b:1\")"
                + " @interface Mine {}",
            "t/Task.java",
            "package t; @Mine class Task {}",
            "t/Sub.java",
            "package t; class Sub extends Task {}");
    assertThat(compiled.succeeded()).as("%s", compiled.said()).isTrue();
    assertThat(tasks(compiled)).containsExactly("t.Task");
  }

  @ParameterizedTest
  @EnumSource
  void warningsAreSilencedByNameAndErrorsWhereStrict(TestCompiler compiler) {
    String unpinned = "@dev.imagespec.ImageSpec(baseImage = \"ubuntu\") ";
    Map<String, String> sources =
        sources(
            "t/Loud.java",
            "package t; " + unpinned + "class Loud {}",
            "t/Silent.java",
            "package t; @SuppressWarnings({\"x\", \"imagespec:unpinned\"}) class Silent { "
                + unpinned
                + "class In {} }");
    Compiled lenient = compiler.compile(dir, sources, List.of(ImageSpecProcessor.class));
    assertThat(lenient.succeeded()).isTrue();
    assertThat(lenient.ours())
        .singleElement()
        .matches(said -> said.kind() == Diagnostic.Kind.WARNING && said.text().contains("IMG005"));
    Compiled strict =
        compiler.compile(
            dir.resolve("strict"),
            sources,
            List.of(ImageSpecProcessor.class),
            "-Aimagespec.strict");
    assertThat(strict.succeeded()).isFalse();
    assertThat(strict.ours())
        .singleElement()
        .matches(said -> said.kind() == Diagnostic.Kind.ERROR && said.file().contains("Loud"));
  }

  @ParameterizedTest
  @EnumSource
  void anAnnotationReplacesTheArraysThatItNames(TestCompiler compiler) {
    Compiled compiled =
        compile(
            compiler,
            "t/package-info.java",
            "@ImageSpec(platforms = {\"linux/amd64\", \"linux/arm64\"}, aptPackages = \"git=1\","
                + " packages = \"a==1\", ports = \"1\", commands = \"far\","
                + " copy = @Copy(from = \"f\", to = \"/f\"), env = @Env(name = \"A\", value = \"a\"),"
                + " labels = @Label(name = \"l\", value = \"l\"),"
                + " repository = @Repository(pullPrincipals = \"123456789012\"))"
                + " package t; import dev.imagespec.*;",
            "t/Near.java",
            "package t; import dev.imagespec.*; @ImageSpec(baseImage = \"b:1\", replace = {\"packages\","
                + " \"env\"}, packages = \"b==1\", aptPackages = \"jq=1\") @interface Near {}",
            "t/Task.java",
            "package t; import dev.imagespec.*; @Near @ImageSpec(packages = \"c==1\","
                + " replace = {\"platforms\", \"copy\", \"repository.pullPrincipals\"},"
                + " platforms = \"linux/arm64\","
                + " repository = @Repository(pullPrincipals = \"210987654321\")) class Task {}",
            "t/None.java",
            "package t; import dev.imagespec.*; @Near @ImageSpec(replace = {\"platforms\", \"packages\","
                + " \"aptPackages\", \"commands\", \"ports\", \"labels\","
                + " \"repository.pullPrincipals\"}) class None {}");
    assertThat(compiled.succeeded()).as("%s", compiled.said()).isTrue();
    Manifest task = Manifest.parse(compiled.output(FOLDER + "t.Task/manifest.json"));
    assertThat(task.platforms()).map(Object::toString).containsExactly("linux/arm64");
    assertThat(task.environment().packages()).containsExactly("b==1", "c==1");
    assertThat(task.environment().aptPackages()).containsExactly("git=1", "jq=1");
    assertThat(task.environment().commands()).containsExactly("far");
    assertThat(task.payload().copy()).isEmpty();
    assertThat(task.payload().env()).isEmpty();
    assertThat(task.payload().labels()).containsOnlyKeys("l");
    assertThat(task.repository().pullPrincipals()).containsExactly("210987654321");
    Manifest none = Manifest.parse(compiled.output(FOLDER + "t.None/manifest.json"));
    assertThat(none.platforms()).map(Object::toString).containsExactly("linux/amd64");
    assertThat(none.environment().isEmpty()).isTrue();
    assertThat(none.payload().ports()).isEmpty();
    assertThat(none.payload().labels()).isEmpty();
    assertThat(none.payload().copy()).hasSize(1);
    assertThat(none.repository().pullPrincipals()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void replacingBesideAnEquallyNearAnnotationIsAmbiguous(TestCompiler compiler) {
    String one =
        "package t; import dev.imagespec.*; @ImageSpec(baseImage = \"b:1\", replace ="
            + " \"platforms\", platforms = \"linux/arm64\") @interface One {}";
    String two =
        "package t; import dev.imagespec.*; @ImageSpec(platforms = \"linux/%s\") @interface Two {}";
    String task = "package t; @One @Two class Task {}";
    Compiled compiled =
        compile(
            compiler,
            "t/One.java",
            one,
            "t/Two.java",
            String.format(two, "386"),
            "t/Task.java",
            task,
            "t/Decided.java",
            "package t; @One @Two @dev.imagespec.ImageSpec(replace = \"platforms\") class Decided {}");
    assertThat(compiled.ours())
        .singleElement()
        .satisfies(
            said ->
                assertThat(said.text())
                    .contains("IMG040")
                    .contains("@One platforms", "@Two platforms", "linux/386"));
    assertThat(
            compile(
                    compiler,
                    "t/One.java",
                    one,
                    "t/Two.java",
                    String.format(two, "arm64"),
                    "t/Task.java",
                    task)
                .succeeded())
        .isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void eachOutputOriginatesFromItsClassAlone(TestCompiler compiler) {
    Compiled compiled =
        compiler.compile(
            dir,
            sources(
                "t/package-info.java",
                "@dev.imagespec.ImageSpec(registry = \"ghcr.io\") package t;",
                "t/Mine.java",
                "package t; @dev.imagespec.ImageSpec(baseImage = \"b:1\") @interface Mine {}",
                "t/One.java",
                "package t; @Mine class One { " + SPEC + "static class In {} }",
                "t/Two.java",
                "package t; @dev.imagespec.ImageSpec(baseSpec = One.class) class Two {}"),
            List.of(InterposedProcessor.Recording.class));
    assertThat(compiled.succeeded()).as("%s", compiled.said()).isTrue();
    assertThat(
            compiled.said().stream()
                .map(Said::text)
                .filter(text -> text.startsWith(InterposedProcessor.Recording.ORIGINS)))
        .containsOnly(
            "ORIGINS META-INF/imagespec/t.One/manifest.json [t.One]",
            "ORIGINS META-INF/imagespec/t.One/Dockerfile [t.One]",
            "ORIGINS t.OneImage [t.One]",
            "ORIGINS META-INF/imagespec/t.One$In/manifest.json [t.One.In]",
            "ORIGINS META-INF/imagespec/t.One$In/Dockerfile [t.One.In]",
            "ORIGINS t.One_InImage [t.One.In]",
            "ORIGINS META-INF/imagespec/t.Two/manifest.json [t.Two]",
            "ORIGINS META-INF/imagespec/t.Two/Dockerfile [t.Two]",
            "ORIGINS t.TwoImage [t.Two]");
  }

  @ParameterizedTest
  @EnumSource
  void workIsProportionalToTheNumberOfClasses(TestCompiler compiler) {
    int ten = calls(compiler, 10);
    int twenty = calls(compiler, 20);
    int forty = calls(compiler, 40);
    assertThat(twenty - ten).isPositive();
    assertThat(forty - twenty).isEqualTo(2 * (twenty - ten));
  }

  /** How often the compiler is asked for something when it compiles so many classes. */
  private int calls(TestCompiler compiler, int classes) {
    Map<String, String> sources =
        sources(
            "t/package-info.java", "@dev.imagespec.ImageSpec(registry = \"ghcr.io\") package t;");
    for (int i = 0; i < classes; i++) {
      sources.put(
          "t/Task" + i + ".java",
          "package t; @dev.imagespec.ImageSpec(baseImage = \"b:1\", env = @dev.imagespec.Env(name ="
              + " \"A\", value = \"b\"), mainClass = Task"
              + i
              + ".class) class Task"
              + i
              + " { public static void main(String[] a) {} }");
    }
    Compiled compiled =
        compiler.compile(
            dir.resolve("of" + classes), sources, List.of(InterposedProcessor.Counting.class));
    assertThat(compiled.succeeded()).as("%s", compiled.said()).isTrue();
    String calls = said(compiled.said(), InterposedProcessor.Counting.CALLS).text();
    return Integer.parseInt(calls.substring(InterposedProcessor.Counting.CALLS.length()));
  }

  @ParameterizedTest
  @EnumSource
  void anInternalFailureIsOneMessageAtItsClass(TestCompiler compiler) {
    Compiled compiled =
        compiler.compile(
            dir,
            sources(
                "t/Broken.java",
                "package t;\n\n" + SPEC + "\nclass Broken {}",
                "t/Whole.java",
                "package t; " + SPEC + "class Whole {}"),
            List.of(InterposedProcessor.FailingFiler.class));
    assertThat(compiled.succeeded()).isFalse();
    assertThat(compiled.ours())
        .singleElement()
        .satisfies(
            said -> {
              assertThat(said.kind()).isEqualTo(Diagnostic.Kind.ERROR);
              assertThat(said.file()).endsWith("Broken.java");
              assertThat(said.line()).isGreaterThanOrEqualTo(3);
              assertThat(said.text())
                  .startsWith("IMG099 @ImageSpec \"t.Broken\"")
                  .contains("please report it: java.lang.IllegalStateException: a bug at ");
            });
    assertThat(tasks(compiled)).containsExactly("t.Whole");
  }

  @ParameterizedTest
  @EnumSource
  void anInternalFailureBeforeAnyClassIsAMessageToo(TestCompiler compiler) {
    Compiled compiled =
        compiler.compile(
            dir,
            sources("t/Task.java", "package t; " + SPEC + "class Task {}"),
            List.of(InterposedProcessor.FailingElements.class));
    assertThat(compiled.succeeded()).isFalse();
    assertThat(compiled.said().stream().map(Said::text))
        .anyMatch(text -> text.startsWith("IMG099 this is a bug") && text.contains("a bug at "));
  }

  @ParameterizedTest
  @EnumSource
  void aCompilationOfOneClassChangesOnlyItsOutputs(TestCompiler compiler) throws IOException {
    Compiled all =
        compile(
            compiler,
            "t/One.java",
            "package t; " + SPEC + "class One {}",
            "t/Two.java",
            "package t; " + SPEC + "class Two {}");
    assertThat(all.succeeded()).isTrue();
    Path two = dir.resolve("out").resolve(FOLDER + "t.Two/manifest.json");
    FileTime before = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(two, before);

    Compiled one =
        compile(
            compiler,
            "t/One.java",
            "package t; @dev.imagespec.ImageSpec(baseImage = \"b:2\") class One {}");
    assertThat(one.succeeded()).as("%s", one.said()).isTrue();
    Set<String> changed = new HashSet<>();
    one.outputs()
        .forEach(
            (path, text) -> {
              if (!text.equals(all.outputs().get(path))) {
                changed.add(path);
              }
            });
    assertThat(changed)
        .containsExactlyInAnyOrder(FOLDER + "t.One/manifest.json", FOLDER + "t.One/Dockerfile");
    assertThat(Files.getLastModifiedTime(two)).isEqualTo(before);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whereTheFileSystemTakesTwoNamesForOneNothingIsLostInSilence(boolean told)
      throws IOException {
    JavaCompiler javac = ToolProvider.getSystemJavaCompiler();
    DiagnosticCollector<JavaFileObject> said = new DiagnosticCollector<>();
    Path output = Files.createDirectories(dir.resolve("out"));
    List<Path> sources = new ArrayList<>();
    for (String name : List.of("Etl", "ETL")) {
      Path folder = Files.createDirectories(dir.resolve(name));
      sources.add(
          Files.writeString(
              folder.resolve(name + ".java"), "package t; " + SPEC + "class " + name + " {}"));
    }
    try (StandardJavaFileManager files =
        javac.getStandardFileManager(said, Locale.ROOT, StandardCharsets.UTF_8)) {
      JavaCompiler.CompilationTask task =
          javac.getTask(
              null,
              new LowerCase(files, told),
              said,
              List.of("-cp", System.getProperty("java.class.path"), "-d", output.toString()),
              null,
              files.getJavaFileObjectsFromPaths(sources));
      task.setProcessors(List.of(new ImageSpecProcessor()));
      assertThat(task.call()).isFalse();
    }
    assertThat(said.getDiagnostics())
        .anyMatch(
            one ->
                one.getMessage(Locale.ROOT)
                    .contains(
                        "IMG022 @ImageSpec \"t.Etl\": the outputs cannot be written: the file system"
                            + " takes META-INF/imagespec/t.Etl/ for the folder of t.ETL; rename"));
  }

  /** Keeps resources as a file system does that takes no notice of upper and lower case. */
  private static final class LowerCase extends ForwardingJavaFileManager<StandardJavaFileManager> {
    private final boolean told;

    /** As Windows does, where the compiler knows that; or macOS, where it does not. */
    LowerCase(StandardJavaFileManager files, boolean told) {
      super(files);
      this.told = told;
    }

    @Override
    public boolean isSameFile(FileObject one, FileObject other) {
      return told && super.isSameFile(one, other);
    }

    @Override
    public FileObject getFileForInput(Location location, String packageName, String name)
        throws IOException {
      return super.getFileForInput(location, packageName, name.toLowerCase(Locale.ROOT));
    }

    @Override
    public FileObject getFileForOutput(
        Location location, String packageName, String name, @Nullable FileObject sibling)
        throws IOException {
      return super.getFileForOutput(location, packageName, name.toLowerCase(Locale.ROOT), sibling);
    }
  }

  @Test
  void theProcessorIsDeclaredIsolating() throws IOException {
    assertThat(
            Files.readString(
                Path.of("src/main/resources/META-INF/gradle/incremental.annotation.processors")))
        .isEqualToIgnoringNewLines(ImageSpecProcessor.class.getName() + ",isolating");
  }

  /** {@code @Generated} is in a module that a task's module need not read. */
  @ParameterizedTest
  @EnumSource(names = "ECJ", mode = EnumSource.Mode.EXCLUDE) // its tool API takes no module path
  void aModuleNeedsOnlyTheAnnotations(TestCompiler compiler) throws URISyntaxException {
    String annotations =
        Path.of(ImageSpec.class.getProtectionDomain().getCodeSource().getLocation().toURI())
            .toString();
    for (boolean marked : List.of(false, true)) {
      Compiled compiled =
          compiler.compile(
              dir.resolve("named" + marked),
              Map.of(
                  "module-info.java",
                  "module m { requires dev.imagespec.annotations; "
                      + (marked ? "requires static java.compiler; }" : "}"),
                  "t/Task.java",
                  "package t; @dev.imagespec.ImageSpec(name = \"app\", baseImage = \"b:1\") class"
                      + " Task {}"),
              List.of(ImageSpecProcessor.class),
              "--module-path",
              annotations);
      assertThat(compiled.succeeded()).as(compiled.said().toString()).isTrue();
      assertThat(compiled.output("src/t/TaskImage.java").contains("@Generated")).isEqualTo(marked);
    }
  }
}
