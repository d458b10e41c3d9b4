package dev.imagespec.runtime.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.json.Json;
import dev.imagespec.model.Digest;
import dev.imagespec.runtime.resolve.ImageInputs;
import dev.imagespec.runtime.resolve.LayerInputs;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RecordedInputsTest {
  private static final String ONE = "1".repeat(64);
  private static final String TWO = "2".repeat(64);

  private static final Map<String, ImageInputs> IMAGES =
      new TreeMap<>(
          Map.of(ONE, HistoryTest.inputs("x"), TWO, HistoryTest.inputs("x", "a-longer-name")));

  @SuppressWarnings("unchecked") // it was written as one
  private static Map<String, Object> again(Map<String, Object> json) {
    return (Map<String, Object>) Json.parse(Json.pretty(json));
  }

  @Test
  void eachListIsWrittenOnceAndReadAgain() {
    Map<String, Object> json = again(RecordedInputs.toJson(IMAGES));
    assertThat((Map<?, ?>) json.get("layers")).hasSize(2);
    RecordedInputs read = RecordedInputs.of(json);
    assertThat(read.get(ONE)).hasValue(IMAGES.get(ONE));
    assertThat(read.get(TWO)).hasValue(IMAGES.get(TWO));
    assertThat(read.get("3".repeat(64))).isEmpty();
    assertThat(RecordedInputs.of(Map.of()).get(ONE)).isEmpty();
  }

  /** The files that an environment's steps get are kept as a layer's are. */
  @Test
  void filesOfStepsAreKeptAndGoWithTheirImage() {
    Object entries = List.of(List.of("/opt/x", "755", "7:7"));
    Digest digest =
        Digest.of(
            Json.canonical(Map.of("name", "steps", "entries", entries))
                .getBytes(StandardCharsets.UTF_8));
    LayerInputs files = LayerInputs.parse("steps", digest, Map.of("/opt/x", "755 7:7"));
    ImageInputs image =
        ImageInputs.parse(
            Map.of(
                "base",
                Map.of("name", "scratch"),
                "environment",
                Map.of("linux/amd64", "e"),
                "steps",
                Map.of("files", digest.toString())),
            (name, identity) -> files);
    assertThat(image.steps().files()).hasValue(files);
    Map<String, Object> json =
        again(RecordedInputs.toJson(Map.of(ONE, image, TWO, HistoryTest.inputs("x"))));
    assertThat(RecordedInputs.of(json).get(ONE)).hasValue(image);
    assertThat(RecordedInputs.of(RecordedInputs.only(json, List.of(ONE))).get(ONE)).hasValue(image);
    assertThat((Map<?, ?>) RecordedInputs.only(json, List.of(ONE)).get("layers")).hasSize(1);
    assertThatThrownBy(() -> LayerInputs.parse("steps", digest, Map.of("/opt/x", "755 7:7 more")))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void whatWouldBeTooLargeIsLeftOut() {
    int images = IMAGES.values().stream().mapToInt(i -> Json.canonical(i.toJson()).length()).sum();
    RecordedInputs less = RecordedInputs.of(RecordedInputs.toJson(IMAGES, images + 120));
    assertThat(less.get(TWO).orElseThrow().layers())
        .as("one list has room")
        .filteredOn(layer -> layer.list().isPresent())
        .hasSize(1);
    RecordedInputs none = RecordedInputs.of(RecordedInputs.toJson(IMAGES, images));
    assertThat(none.get(ONE).orElseThrow().layers())
        .extracting(LayerInputs::list)
        .allMatch(list -> list.isEmpty());
    assertThat(RecordedInputs.of(RecordedInputs.toJson(IMAGES, images / 2)).get(TWO)).isEmpty();
  }

  @Test
  void whatALaterReleaseAddsIsPassedOver() {
    Map<String, Object> json = new TreeMap<>(again(RecordedInputs.toJson(IMAGES)));
    json.put("more", List.of("x"));
    String text = Json.canonical(json).replace("\"payload\":{", "\"payload\":{\"new\":1,");
    RecordedInputs read = RecordedInputs.of(again(Map.of("x", Json.parse(text))));
    assertThat(read.get(ONE)).isEmpty();
    assertThat(RecordedInputs.of(cast(Json.parse(text))).get(ONE)).hasValue(IMAGES.get(ONE));
  }

  @SuppressWarnings("unchecked") // it was written as one
  private static Map<String, Object> cast(Object json) {
    return (Map<String, Object>) json;
  }

  @Test
  void whatIsInAnotherFormIsRefused() {
    assertThatThrownBy(() -> RecordedInputs.of(Map.of("images", List.of())))
        .isInstanceOf(IllegalArgumentException.class);
    String text =
        Json.canonical(RecordedInputs.toJson(IMAGES)).replace("\"scratch\"", "[\"scratch\"]");
    assertThatThrownBy(() -> RecordedInputs.of(cast(Json.parse(text))).get(ONE))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
