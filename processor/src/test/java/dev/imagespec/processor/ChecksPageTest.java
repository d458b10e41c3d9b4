package dev.imagespec.processor;

import static com.google.testing.compile.Compiler.javac;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.testing.compile.Compilation;
import com.google.testing.compile.JavaFileObjects;
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
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Holds the page about the checks against what the compiler says, example by example. */
class ChecksPageTest {
  private static final String IMPORTS = "package t;\n\nimport dev.imagespec.*;\n\n";

  @TempDir private Path project;

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

  static Stream<Message> messages() {
    return Arrays.stream(Message.values()).filter(message -> message != Message.INTERNAL);
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
  void theFirstExampleCausesTheMessageAndTheSecondDoesNot(Message message) {
    List<String> examples = section(message).examples();
    assertThat(examples).hasSize(2);

    Compilation bad = compile(message, examples.get(0), true);
    List<? extends Diagnostic<?>> said = said(bad, message);
    assertThat(said).as("of %s", bad.diagnostics()).isNotEmpty();
    assertThat(said.get(0).getKind())
        .isEqualTo(
            switch (message.kind()) {
              case ERROR -> Diagnostic.Kind.ERROR;
              case WARNING -> Diagnostic.Kind.WARNING;
              case NOTE -> Diagnostic.Kind.NOTE;
            });
    assertThat(said.get(0).getMessage(null)).endsWith("See " + message.anchor());
    if (message != Message.OPTION) {
      assertThat(said.get(0).getLineNumber()).isGreaterThan(3);
    }
    boolean fails = message.kind() == Message.Kind.ERROR;
    assertThat(bad.status())
        .isEqualTo(fails ? Compilation.Status.FAILURE : Compilation.Status.SUCCESS);

    Compilation good = compile(message, examples.get(1), false);
    assertThat(good.status()).as("%s", good.diagnostics()).isEqualTo(Compilation.Status.SUCCESS);
    assertThat(said(good, message)).isEmpty();
  }

  private static List<? extends Diagnostic<?>> said(Compilation compilation, Message message) {
    return compilation.diagnostics().stream()
        .filter(diagnostic -> diagnostic.getMessage(null).contains(message.code() + " "))
        .toList();
  }

  private Compilation compile(Message message, String example, boolean bad) {
    String dir = message == Message.OPTION && bad ? "none" : project.toString();
    String[] options =
        message == Message.FILES_NOT_CHECKED
            ? new String[0]
            : new String[] {"-Aimagespec.projectDir=" + dir};
    return javac()
        .withProcessors(new ImageSpecProcessor())
        .withOptions((Object[]) options)
        .compile(JavaFileObjects.forSourceString("t.Task", IMPORTS + example));
  }
}
