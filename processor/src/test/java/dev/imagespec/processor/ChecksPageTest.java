package dev.imagespec.processor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.imagespec.check.Code;
import dev.imagespec.processor.TestCompiler.Compiled;
import dev.imagespec.processor.TestCompiler.Said;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.tools.Diagnostic;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the page about the checks against what the compilers say, example by example. */
class ChecksPageTest {
  private static final String IMPORTS = "package t;\n\nimport dev.imagespec.*;\n\n";

  @TempDir private Path project;
  @TempDir private Path compiled;

  private record Section(String name, String kind, List<String> examples) {}

  private static Map<String, Section> sections() {
    try {
      String page = Files.readString(Path.of("..", "docs", "checks.md"));
      Map<String, Section> sections = new TreeMap<>();
      Matcher heading =
          Pattern.compile("(?ms)^## (IMG[0-9]{3})\n\n`([a-z-]+)`, ([a-z]+)\\.(.*?)(?=^## |\\z)")
              .matcher(page);
      while (heading.find()) {
        List<String> examples =
            Pattern.compile("(?ms)^```java\n(.*?)^```$")
                .matcher(heading.group(4))
                .results()
                .map(example -> example.group(1))
                .toList();
        sections.put(heading.group(1), new Section(heading.group(2), heading.group(3), examples));
      }
      return sections;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static Stream<Arguments> codes() {
    return Arrays.stream(TestCompiler.values())
        .flatMap(
            compiler ->
                Arrays.stream(Code.values())
                    .filter(code -> code != Code.INTERNAL)
                    .map(code -> Arguments.of(compiler, code)));
  }

  private static Section section(Code code) {
    Section section = sections().get(code.toString());
    assertThat(section).as(code.toString()).isNotNull();
    return Objects.requireNonNull(section);
  }

  @BeforeEach
  void files() throws IOException {
    Files.writeString(project.resolve("README.md"), "x");
    Files.writeString(project.resolve("plain"), "x");
    Files.writeString(project.resolve("good.txt"), "numpy==2.1.0 # yes\n");
    Files.writeString(project.resolve("bad.txt"), "numpy==2.1.0\n-e .\n");
    Files.writeString(Files.createDirectory(project.resolve("secretive")).resolve(".env"), "x");
    Files.writeString(Files.createDirectories(project.resolve("conf/app")).resolve("app.yml"), "x");
    Files.writeString(project.resolve(".dockerignore"), "target\n");
    Path docker = Files.createDirectory(project.resolve("docker"));
    Files.writeString(docker.resolve("Dockerfile"), "FROM python:3.12.7\nRUN true\n");
    Files.writeString(docker.resolve("wrong"), "FROM python:3.12.7\nRNU true\n");
    Files.writeString(docker.resolve("unknown"), "ARG VERSION\nFROM python:$VERSION\n");
    Files.writeString(
        docker.resolve("download"), "FROM python:3.12.7\nADD https://h.example/x.tar /x\n");
    Files.writeString(docker.resolve("health"), "FROM python:3.12.7\nHEALTHCHECK CMD true\n");
    Files.createSymbolicLink(project.resolve("link"), Path.of("/"));
  }

  /** JUnit warns of links out of the folder that it deletes. */
  @AfterEach
  void noLinkStays() throws IOException {
    Files.delete(project.resolve("link"));
  }

  @Test
  void pageAndCatalogueAreEqual() {
    Map<String, String> catalogue = new TreeMap<>();
    for (Code code : Code.values()) {
      catalogue.put(code.toString(), code.id() + " " + code.kind().name().toLowerCase(Locale.ROOT));
    }
    Map<String, String> page = new TreeMap<>();
    sections().forEach((code, section) -> page.put(code, section.name() + " " + section.kind()));
    assertThat(page).isEqualTo(catalogue);
  }

  @ParameterizedTest
  @MethodSource("codes")
  void theFirstExampleCausesTheMessageAndTheSecondDoesNot(TestCompiler compiler, Code code) {
    List<String> examples = section(code).examples();
    assertThat(examples).hasSize(2);
    // Eclipse's compiler shows processors no classes in methods.
    assumeTrue(code != Code.LOCAL_CLASS || compiler != TestCompiler.ECJ);

    Compiled bad = compile(compiler, code, examples.get(0), true);
    List<Said> said = said(bad, code);
    assertThat(said).as("of %s", bad.said()).isNotEmpty();
    Said first = said.get(0);
    assertThat(first.text()).endsWith("See " + code.anchor());
    // Eclipse's compiler prints what stands at no class past the collector of diagnostics.
    if (code != Code.OPTION) {
      assertThat(first.kind())
          .isEqualTo(
              switch (code.kind()) {
                case ERROR -> Diagnostic.Kind.ERROR;
                case WARNING -> Diagnostic.Kind.WARNING;
                case NOTE -> Diagnostic.Kind.NOTE;
              });
      assertThat(first.file()).endsWith("Task.java");
      assertThat(first.line()).isGreaterThan(3);
    }
    assertThat(bad.succeeded()).isEqualTo(code.kind() != Code.Kind.ERROR);

    Compiled good = compile(compiler, code, examples.get(1), false);
    assertThat(good.succeeded()).as("%s", good.said()).isTrue();
    assertThat(said(good, code)).isEmpty();
  }

  private static List<Said> said(Compiled compiled, Code code) {
    return compiled.said().stream().filter(said -> said.text().contains(code + " ")).toList();
  }

  private Compiled compile(TestCompiler compiler, Code code, String example, boolean bad) {
    String dir = code == Code.OPTION && bad ? "none" : project.toString();
    String[] options =
        code == Code.FILES_NOT_CHECKED
            ? new String[0]
            : new String[] {
              "-Aimagespec.projectDir=" + dir,
              "--release",
              code == Code.RELEASE && bad ? "11" : "17"
            };
    return compiler.compile(
        compiled.resolve(String.valueOf(bad)),
        Map.of("t/Task.java", IMPORTS + example),
        List.of(ImageSpecProcessor.class),
        options);
  }
}
