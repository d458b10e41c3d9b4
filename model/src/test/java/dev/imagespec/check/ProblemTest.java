package dev.imagespec.check;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.model.ImageReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProblemTest {
  private static Located<String> at(String value) {
    return new Located<>(value, () -> "env[1].name");
  }

  @Test
  void argumentsHaveTheNamesOfThePlaces() {
    Problem problem = Problem.of(Message.REGISTRY_REGION, at("h"), "us-eas-1", "us-east-1");
    assertThat(problem.arguments()).isEqualTo(Map.of("region", "us-eas-1", "meant", "us-east-1"));
    assertThat(problem.text())
        .isEqualTo(
            "IMG001 env[1].name \"h\": there is no AWS region us-eas-1; did you mean us-east-1? If"
                + " it is right, say -Aimagespec.extraRegions=us-eas-1. See "
                + Code.PAGE
                + "#img001");
  }

  @Test
  void anArgumentIsNeverReadAsAPlaceOrAPattern() {
    assertThat(Problem.of(Message.APT_SPACES, at("x"), "{joined} $1 \\").text())
        .contains("is it \"{joined} $1 \\\", or");
  }

  @Test
  void credentialsAndControlCharactersStayOutOfTheText() {
    Problem problem =
        Problem.of(Message.REQUIREMENT, at("https://me:pw@h/x\n"), "no ghp_" + "a".repeat(36));
    assertThat(problem.where().value()).isEqualTo("https://me:pw@h/x\n");
    assertThat(problem.text()).contains("\"https://***@h/x\\u000a\": no ghp_***. See");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://u:hunter2@x/one",
        "u:hunter2@x/one:1",
        "u:hunter2@x",
        "\"u:hunter2@x\", then"
      })
  void aPasswordIsMaskedWithOrWithoutAScheme(String text) {
    assertThat(Problem.of(Message.REQUIREMENT, at(text), "write " + text).text())
        .doesNotContain("hunter2")
        .contains("***@x");
  }

  @Test
  void whatIsNoPasswordIsShown() {
    String digest = "a/b:1@sha256:" + "0".repeat(64);
    assertThat(Problem.of(Message.REQUIREMENT, at(digest), "at 10:30, a@b").text())
        .contains(digest)
        .contains("at 10:30, a@b");
  }

  @Test
  void aSuggestionHasNoPassword() {
    assertThatThrownBy(() -> ImageReference.parse("https://u:hunter2@x/one"))
        .hasMessage("an image reference has no scheme; write \"x/one\"");
  }

  @Test
  void aLongValueIsCut() {
    assertThat(Problem.of(Message.PORT, at("a".repeat(401))).text())
        .contains("\"" + "a".repeat(200) + "…\"");
  }

  @Test
  void aPlaceWithoutAnArgumentIsAMistake() {
    assertThatThrownBy(() -> Problem.of(Message.PLATFORM_VARIANT, at("x"), "arm"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("[architecture, variant]");
  }

  /** A text that is all place would be written somewhere else. */
  @Test
  void onlyGrammarsAndTheSystemSpeakForThemselves() {
    List<Message> bare =
        Arrays.stream(Message.values())
            .filter(text -> text.text().matches("\\{[a-z]+\\}"))
            .toList();
    assertThat(bare)
        .containsExactly(
            Message.REGISTRY,
            Message.NAME,
            Message.BASE_IMAGE,
            Message.PLATFORM,
            Message.REQUIREMENT,
            Message.LOCK_FORMAT,
            Message.PIP_ARGUMENT,
            Message.PATTERN,
            Message.OWNER);
    assertThat(bare).allMatch(message -> message.places().equals(List.of("reason")));
  }

  @Test
  void codesAndNamesStayWhatTheyAre() {
    Map<String, String> codes = new TreeMap<>();
    Arrays.stream(Code.values()).forEach(code -> codes.put(code.toString(), code.id()));
    assertThat(codes)
        .hasSize(74)
        .containsEntry("IMG001", "registry")
        .containsEntry("IMG027", "unpinned-package")
        .containsEntry("IMG099", "internal");
    assertThat(Arrays.stream(Message.values()).map(Message::code)).contains(Code.values());
  }

  /** Whoever has only a jar has no folder docs. */
  @Test
  void messagesNameAnAddressOfTheProject() throws IOException {
    String project =
        Files.readString(Path.of("..", "pom.xml")).replaceAll("(?s).*?<url>(.*?)</url>.*", "$1");
    assertThat(Code.REGISTRY.anchor())
        .startsWith(project + "/blob/main/docs/checks.md")
        .endsWith("#img001");
    assertThat(Path.of("..", "docs", "checks.md")).content().contains("## IMG001");
  }
}
