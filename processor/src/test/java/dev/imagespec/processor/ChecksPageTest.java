package dev.imagespec.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.processor.TestCompiler.Compiled;
import dev.imagespec.processor.TestCompiler.Said;
import dev.imagespec.processor.check.Message;
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

  static Stream<Arguments> messages() {
    return Arrays.stream(TestCompiler.values())
        .flatMap(
            compiler ->
                Arrays.stream(Message.values())
                    .filter(message -> message != Message.INTERNAL)
                    .map(message -> Arguments.of(compiler, message)));
  }

  private static Section section(Message message) {
    Section section = sections().get(message.code());
    assertThat(section).as(message.code()).isNotNull();
    return Objects.requireNonNull(section);
  }

  @BeforeEach
  void files() throws IOException {
    Files.writeString(project.resolve("README.md"), "x");
    Files.writeString(project.resolve("plain"), "x");
    Files.writeString(project.resolve("good.txt"), "numpy==2.1.0 # yes\n");
    Files.writeString(project.resolve("bad.txt"), "numpy==2.1.0\n-e .\n");
    Files.writeString(Files.createDirectory(project.resolve("secretive")).resolve(".env"), "x");
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
    for (Message message : Message.values()) {
      catalogue.put(
          message.code(), message.id() + " " + message.kind().name().toLowerCase(Locale.ROOT));
    }
    Map<String, String> page = new TreeMap<>();
    sections().forEach((code, section) -> page.put(code, section.name() + " " + section.kind()));
    assertThat(page).isEqualTo(catalogue);
  }

  @ParameterizedTest
  @MethodSource("messages")
  void theFirstExampleCausesTheMessageAndTheSecondDoesNot(TestCompiler compiler, Message message) {
    List<String> examples = section(message).examples();
    assertThat(examples).hasSize(2);

    Compiled bad = compile(compiler, message, examples.get(0), true);
    List<Said> said = said(bad, message);
    assertThat(said).as("of %s", bad.said()).isNotEmpty();
    Said first = said.get(0);
    assertThat(first.text()).endsWith("See " + message.anchor());
    // Eclipse's compiler prints what stands at no class past the collector of diagnostics.
    if (message != Message.OPTION) {
      assertThat(first.kind())
          .isEqualTo(
              switch (message.kind()) {
                case ERROR -> Diagnostic.Kind.ERROR;
                case WARNING -> Diagnostic.Kind.WARNING;
                case NOTE -> Diagnostic.Kind.NOTE;
              });
      assertThat(first.file()).endsWith("Task.java");
      assertThat(first.line()).isGreaterThan(3);
    }
    assertThat(bad.succeeded()).isEqualTo(message.kind() != Message.Kind.ERROR);

    Compiled good = compile(compiler, message, examples.get(1), false);
    assertThat(good.succeeded()).as("%s", good.said()).isTrue();
    assertThat(said(good, message)).isEmpty();
  }

  private static List<Said> said(Compiled compiled, Message message) {
    return compiled.said().stream()
        .filter(said -> said.text().contains(message.code() + " "))
        .toList();
  }

  private Compiled compile(TestCompiler compiler, Message message, String example, boolean bad) {
    String dir = message == Message.OPTION && bad ? "none" : project.toString();
    String[] options =
        message == Message.FILES_NOT_CHECKED
            ? new String[0]
            : new String[] {"-Aimagespec.projectDir=" + dir};
    return compiler.compile(
        compiled.resolve(String.valueOf(bad)),
        Map.of("t/Task.java", IMPORTS + example),
        List.of(ImageSpecProcessor.class),
        options);
  }
}
