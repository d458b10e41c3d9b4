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
        "\"\\q\""
      })
  void whatIsNotOurJsonIsRefused(String text) {
    assertThatThrownBy(() -> Json.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void deepNestingIsRefused() {
    assertThatThrownBy(() -> Json.parse("[".repeat(100_000))).hasMessageContaining("nested");
  }
}
