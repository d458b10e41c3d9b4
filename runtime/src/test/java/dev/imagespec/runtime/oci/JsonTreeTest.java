package dev.imagespec.runtime.oci;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTreeTest {
  private static final ObjectMapper MAPPER =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "{}",
        "[]",
        "null",
        "true",
        "\"ä\\u0000\\n\"",
        "7",
        "-2147483649",
        "123456789012345678901234567890",
        "1.500",
        "1e400",
        "{\"a\": 1, \"b\": [1, [], {}, [{\"c\": null}], false], \"a\": 2.0, \"\": {\"\": {}}}",
        "[[[1], 2], {\"a\": {\"b\": {\"c\": [3]}}, \"d\": 4}]",
        "{} what follows is not read"
      })
  void isWhatAMapperReads(String text) throws IOException {
    assertThat(JsonTree.read(bytes(text))).isEqualTo(MAPPER.readTree(bytes(text)));
    assertThat(JsonTree.read(bytes(text))).hasToString(MAPPER.readTree(bytes(text)).toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"{", "[", "[1", "{\"a\"", "{\"a\":", "{\"a\":1", "]", "}", "nul", "{a:1}"})
  void whatAMapperRefusesIsRefusedAtTheSamePlace(String text) {
    assertThatThrownBy(() -> JsonTree.read(bytes(text)))
        .isInstanceOfSatisfying(
            JsonProcessingException.class,
            own ->
                assertThatThrownBy(() -> MAPPER.readTree(bytes(text)))
                    .isInstanceOfSatisfying(
                        JsonProcessingException.class,
                        theirs ->
                            assertThat(own.getLocation().getColumnNr())
                                .isEqualTo(theirs.getLocation().getColumnNr())));
  }

  @Test
  void valuesInValuesTakeNoStackAndHaveALimit() throws Exception {
    for (String deep :
        new String[] {"[".repeat(400) + "]".repeat(400), "{\"a\":".repeat(100_000)}) {
      Throwable[] thrown = new Throwable[1];
      Thread small =
          new Thread(
              null,
              () -> {
                try {
                  JsonTree.read(bytes(deep));
                } catch (IOException e) {
                  thrown[0] = e;
                }
              },
              "small",
              1);
      small.setUncaughtExceptionHandler((thread, e) -> thrown[0] = e);
      small.start();
      small.join();
      if (deep.endsWith("]")) {
        assertThat(thrown[0]).isNull();
      } else {
        assertThat(thrown[0]).isInstanceOf(JsonProcessingException.class);
      }
    }
  }
}
