package dev.imagespec.registrar.definition;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonPointer;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.runtime.Definition;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.RegistrationEvent;
import dev.imagespec.runtime.TaskRegistrar;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DefinitionFileTest {
  @TempDir private Path dir;
  private final List<RegistrationEvent> told = new ArrayList<>();

  private static boolean isImage(JsonPointer at) {
    return at.last().matchesProperty("image");
  }

  private DefinitionFile read(String text) throws IOException {
    return DefinitionFile.read(new Definition("ecs", write(text)));
  }

  private Path write(String text) throws IOException {
    return Files.writeString(dir.resolve("d"), text);
  }

  private TaskRegistrar.Context context(Set<String> leftOut, String... tasks) {
    return new TaskRegistrar.Context(
        Map.of(),
        List.of(),
        List.of(),
        List.of(tasks).stream().map(DefinitionFileTest::manifest).toList(),
        leftOut,
        Map.of(),
        dir,
        told::add);
  }

  private static Manifest manifest(String task) {
    return new Manifest(
        task,
        "",
        "team/" + task.toLowerCase(java.util.Locale.ROOT).replace('$', '-'),
        Manifest.SCRATCH,
        "",
        List.of(Platform.DEFAULT),
        Manifest.Environment.NONE,
        new Manifest.Payload(
            false,
            "",
            List.of(),
            List.of("/x"),
            List.of(),
            List.of(),
            List.of(),
            "",
            "",
            List.of(),
            Map.of(),
            Map.of()),
        Manifest.Repository.DEFAULT);
  }

  @Test
  void jsonAndYamlOfTheSameContentAreTheSame() throws IOException {
    String json =
        "{\n\t\"a\": [1, 2.5, -3e2, true, null, \"\\u00e9\\/\"],\n\t\"b\": {\"c\": \"010\"}\n}\n";
    String yaml = "# x\na:\n- 1\n- 2.5\n- -3e2\n- true\n- ~\n- é/\nb: {c: '010'}\n";
    assertThat(read(json).tree()).isEqualTo(read(yaml).tree());
    assertThat(Identity.of(read(json).tree())).isEqualTo(Identity.of(read(yaml).tree()));
    assertThat(read(json).tree().toString())
        .isEqualTo("{\"a\":[1,2.5,-300,true,null,\"é/\"],\"b\":{\"c\":\"010\"}}");
  }

  @Test
  void anIdentityIsThatOfSortedJson() throws IOException {
    String one = Identity.of(read("{\"b\": 1, \"a\": {\"d\": [1, 2], \"c\": 0}}").tree());
    assertThat(one)
        .isEqualTo(Identity.of(read("a: {c: 0, d: [1, 2]}\nb: 1").tree()))
        // printf '{"a":{"c":0,"d":[1,2]},"b":1}' | sha256sum
        .isEqualTo("37188e203d89af24221e13c333c2ab005f3efb530233e355057da37e7ddfa73a");
    assertThat(one).isNotEqualTo(Identity.of(read("a: {c: 0, d: [2, 1]}\nb: 1").tree()));
    assertThat(one).isNotEqualTo(Identity.of(read("a: {c: 0, d: [1, 2]}\nb: '1'").tree()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"a\": 1 \"b\": 2}|line 1, column 12: this is neither JSON nor YAML",
        "a: 1\\na: 2|line 2, column 1: the field a is there twice",
        "- a|line 1, column 1: the file must be one object",
        "a: 1\\n---\\nb: 2|line 2, column 1: this is neither JSON nor YAML",
        "a: !!binary eA==|line 1, column 4: the tag tag:yaml.org,2002:binary is not known",
        "a: !ruby/object x|line 1, column 4: the tag !ruby/object is not known",
        "a: .inf|line 1, column 4: .inf is no number",
        "[1, 2]: 3|line 1, column 1: the name of a field must be a text",
        "a: *b|this is neither JSON nor YAML",
      })
  void whatCannotBeReadIsToldWithItsPlace(String text, String message) {
    assertThatThrownBy(() -> read(text.replace("\\n", "\n")))
        .isInstanceOfSatisfying(
            ImageSpecException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.INVALID_FILE))
        .hasMessageStartingWith("ecs:" + dir.resolve("d"))
        .hasMessageContaining(message);
  }

  @Test
  void aHostileFileIsRefused() throws IOException {
    assertThatThrownBy(() -> read("")).hasMessageContaining("the file is empty");
    assertThatThrownBy(() -> read("a: " + "[".repeat(200_000)))
        .hasMessageContaining("deeper than 100 levels");
    StringBuilder bomb = new StringBuilder("l0: &l0 [x,x]\n");
    for (int i = 1; i < 20; i++) {
      bomb.append("l" + i + ": &l" + i + " [" + ("*l" + (i - 1) + ",").repeat(2) + "]\n");
    }
    assertThatThrownBy(() -> read(bomb.toString())).hasMessageContaining("more than 100000 values");
    assertThatThrownBy(() -> read("a: &a [*a]")).hasMessageContaining("nested deeper");
    assertThatThrownBy(() -> read("a: " + "x".repeat(2 << 20))).hasMessageContaining("larger than");
    Files.write(dir.resolve("d"), "a: é".getBytes(StandardCharsets.ISO_8859_1));
    assertThatThrownBy(() -> DefinitionFile.read(new Definition("ecs", dir.resolve("d"))))
        .hasMessageContaining("is not UTF-8 text");
    assertThatThrownBy(() -> DefinitionFile.read(new Definition("ecs", dir)))
        .hasMessageContaining("it is a folder");
    assertThatThrownBy(() -> DefinitionFile.read(new Definition("ecs", dir.resolve("absent"))))
        .hasMessageContaining(
            "ecs:" + dir.resolve("absent") + " cannot be read: it does not exist");
  }

  @Test
  void tasksAreReplacedWhereImagesStandAndNowhereElse() throws IOException {
    DefinitionFile file =
        read(
            """
            {
              "family": "a.One",
              "list": [{"image": "a.One"}, {"image": "a.Outer.Inner"}, {"image": "nginx:1"}],
              "image": {"image": "a.Outer$Inner"}
            }
            """);
    ImagePlaces places =
        file.images(DefinitionFileTest::isImage, context(Set.of(), "a.One", "a.Outer$Inner"))
            .orElseThrow();
    assertThat(places.tasks()).containsExactly("a.One", "a.Outer$Inner");
    assertThat(places.with(task -> "image of " + task).toString())
        .isEqualTo(
            "{\"family\":\"a.One\",\"list\":[{\"image\":\"image of a.One\"},{\"image\":\"image of"
                + " a.Outer$Inner\"},{\"image\":\"nginx:1\"}],\"image\":{\"image\":\"image of"
                + " a.Outer$Inner\"}}");
    assertThat(file.tree().at("/list/0/image").textValue()).isEqualTo("a.One");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "nginx",
        "acme/tool:1",
        "ghcr.io/acme/t@sha256:0",
        "com.acme/report",
        "b.two",
        "a"
      })
  void anImageIsLeftAsItIs(String image) throws IOException {
    assertThat(
            read("x: {image: " + image + "}\ny: {image: a.One}")
                .images(DefinitionFileTest::isImage, context(Set.of(), "a.One"))
                .orElseThrow()
                .tasks())
        .containsExactly("a.One");
  }

  @ParameterizedTest
  @CsvSource({
    "a.Onne,did you mean a.One?",
    "b.Two,annotate that class with @ImageSpec; or name one of a.One.",
    "Report,annotate that class",
    "a.two,annotate that class",
  })
  void whatCanOnlyBeATaskAndIsNoneIsRefused(String image, String message) {
    assertThatThrownBy(
            () ->
                read("x: {image: a.One}\nc:\n- image: " + image)
                    .images(DefinitionFileTest::isImage, context(Set.of(), "a.One")))
        .hasMessageContaining("d, line 3, column 10: " + image + " is no task; ")
        .hasMessageContaining(message.replace("; or", ", or"));
  }

  @Test
  void aTextThatIsTooLongForANameIsNone() throws IOException {
    DefinitionFile file = read("image: " + "a.".repeat(400_000) + "B");
    assertThatThrownBy(() -> file.images(DefinitionFileTest::isImage, context(Set.of(), "a.One")))
        .hasMessageContaining("no task is named");
  }

  @Test
  void aFileWithoutATaskIsRefused() {
    assertThatThrownBy(
            () ->
                read("image: nginx\nfamily: a.One")
                    .images(DefinitionFileTest::isImage, context(Set.of(), "a.One")))
        .hasMessageContaining(
            "no task is named; where an image belongs, write a task class's name as the whole value,"
                + " such as a.One.");
  }

  @Test
  void aFileOfATaskThatIsLeftOutIsPassedOver() throws IOException {
    Optional<ImagePlaces> only =
        read("image: a.Two").images(DefinitionFileTest::isImage, context(Set.of("a.Two"), "a.One"));
    assertThat(only).isEmpty();
    assertThat(told).isEmpty();
    Optional<ImagePlaces> mixed =
        read("image: a.Two\nx: {image: a.One}")
            .images(DefinitionFileTest::isImage, context(Set.of("a.Two"), "a.One"));
    assertThat(mixed).isEmpty();
    assertThat(told.toString()).contains("leaves out a.Two, which it names, too");
  }
}
