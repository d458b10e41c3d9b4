package dev.imagespec.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTest {
  @Test
  void canonicalJsonSortsKeysAndEscapesTheLeast() {
    assertThat(Json.canonical(Map.of("b", List.of(true, 1), "a", "\u001f\n/é")))
        .isEqualTo("{\"a\":\"\\u001f\\n/é\",\"b\":[true,1]}");
    assertThatThrownBy(() -> Json.canonical("\ud800")).hasMessageContaining("surrogate");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "{",
        "{\"a\":1,\"a\":2}",
        "[1,]",
        "null",
        "1.5",
        "\"\t\"",
        "[01]",
        "{} x",
        "\"\\q\"",
        "\"\\ud800\"",
        "[\"\\udc00\\ud800\"]",
        "{\"a\\ud83d\":1}"
      })
  void whatIsNotOurJsonIsRefused(String text) {
    assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aPairOfSurrogatesIsACharacter() {
    assertThat(Json.parse("\"\\ud83d\\ude00\"")).isEqualTo("\ud83d\ude00");
  }

  @ParameterizedTest
  @ValueSource(strings = {"2147483648", "-2147483649", "999999999999999999"})
  void aNumberThatIsTooLargeIsRefusedByName(String number) {
    Fields fields = Fields.of(Json.parse("{\"schema\":" + number + "}"), "the manifest");
    assertThatThrownBy(() -> fields.number("schema"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the manifest: \"schema\"");
  }

  @Test
  void deepNestingIsRefused() {
    assertThatThrownBy(() -> Json.parse("[".repeat(100_000))).hasMessageContaining("nested");
  }
}
