package dev.imagespec.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.check.ManifestCheck;
import dev.imagespec.check.Problem;
import dev.imagespec.check.SpecManifest;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The part {@code flyte} of a manifest. */
class FlyteTaskTest {
  private static final FlyteTask FULL =
      new FlyteTask(
          "p",
          "d",
          "n",
          "v",
          List.of(
              new FlyteTask.Variable(
                  "i", FlyteTask.Type.FILE, FlyteTask.Shape.MAP, "\u0001\n\"\\\u2028"),
              new FlyteTask.Variable("a", FlyteTask.Type.FLOAT, FlyteTask.Shape.VALUE, "")),
          List.of(new FlyteTask.Variable("o", FlyteTask.Type.FOLDER, FlyteTask.Shape.VALUE, "")),
          new FlyteTask.Resources("1", "2Gi", 1, "3Gi"),
          new FlyteTask.Resources("2", "4Gi", 1, "5Gi"),
          3,
          60,
          true,
          new FlyteTask.Cache("c", true, List.of("a", "i")));

  private static Manifest manifest(FlyteTask task) {
    return new Manifest(
        "a.B$C",
        List.of(Manifest.ANNOTATION),
        "",
        "",
        "b:1",
        "",
        Manifest.OwnDockerfile.NONE,
        List.of(Platform.DEFAULT),
        Manifest.Environment.NONE,
        new Manifest.Payload(
            false,
            "",
            List.of(),
            List.of("/bin/run"),
            List.of(),
            List.of(),
            List.of(),
            "",
            "",
            List.of(),
            Map.of(),
            Map.of()),
        Manifest.Repository.DEFAULT,
        task);
  }

  @Test
  void itReadsBackAsItWasWritten() {
    for (FlyteTask task : List.of(FULL, new FlyteTask("a.B$C"), FlyteTask.NONE)) {
      Manifest manifest = manifest(task);
      assertThat(Manifest.parse(manifest.toJson())).isEqualTo(manifest);
      assertThat(SpecManifest.of(SpecManifest.read(manifest))).isEqualTo(manifest);
      assertThat(manifest.locked().flyte()).isEqualTo(task);
      assertThat(ManifestCheck.problems(manifest)).isEmpty();
    }
  }

  @Test
  void aManifestWithoutItHasNoWordOfIt() {
    assertThat(manifest(FlyteTask.NONE).toJson()).doesNotContain("flyte");
    assertThat(manifest(new FlyteTask("a.B")).toJson())
        .contains("\"flyte\": {\n    \"name\": \"a.B\"\n  }");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"name\": \"n\" | \"nam\": \"n\" | unknown attributes [nam]",
        "\"FLOAT\" | \"DECIMAL\" | unknown type \"DECIMAL\"",
        "\"MAP\" | \"SET\" | unknown shape \"SET\"",
        "\"retries\": 3 | \"retries\": \"3\" | wrong type",
        "\"type\": \"FOLDER\" | \"type\": \"FOLDER\", \"shape\": \"LIST\" | one value"
      })
  void whatIsNoManifestIsRefused(String right, String wrong, String message) {
    String json = manifest(FULL).toJson();
    assertThat(json).contains(right);
    assertThatThrownBy(() -> Manifest.parse(json.replace(right, wrong)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining(message);
  }

  @Test
  void itHasAName() {
    String json = manifest(new FlyteTask("n")).toJson().replace("\"name\": \"n\"", "");
    assertThatThrownBy(() -> Manifest.parse(json)).hasMessageContaining("flyte has no name");
  }

  @Test
  void everyAttributeIsHeldAgainstTheChecks() {
    FlyteTask wrong =
        new FlyteTask(
            "P",
            "D",
            "a b",
            "a b",
            List.of(new FlyteTask.Variable("_", FlyteTask.Type.FILE, FlyteTask.Shape.VALUE, "")),
            List.of(new FlyteTask.Variable("_", FlyteTask.Type.FILE, FlyteTask.Shape.VALUE, "")),
            new FlyteTask.Resources("x", "x", -1, "x"),
            new FlyteTask.Resources("y", "y", -1, "y"),
            -1,
            -1,
            false,
            new FlyteTask.Cache("", true, List.of("none")));
    assertThat(ManifestCheck.problems(manifest(wrong)))
        .extracting(Problem::text)
        .extracting(text -> text.substring(0, text.indexOf(" \"")))
        .containsExactlyInAnyOrder(
            "IMG069 flyte.project",
            "IMG069 flyte.domain",
            "IMG069 flyte.name",
            "IMG069 flyte.version",
            "IMG070 flyte.inputs[0].name",
            "IMG070 flyte.outputs[0].name",
            "IMG071 flyte.requests.cpu",
            "IMG071 flyte.requests.memory",
            "IMG071 flyte.requests.gpu",
            "IMG071 flyte.requests.ephemeralStorage",
            "IMG071 flyte.limits.cpu",
            "IMG071 flyte.limits.memory",
            "IMG071 flyte.limits.gpu",
            "IMG071 flyte.limits.ephemeralStorage",
            "IMG072 flyte.retries",
            "IMG072 flyte.timeout",
            "IMG073 flyte.cache.serialize",
            "IMG073 flyte.cache.ignoreInputVars[0]",
            "IMG073 flyte.cache.ignoreInputVars[0]");
  }

  /** The model does not know the annotations; their constants are the same all the same. */
  @Test
  void theConstantsAreThoseOfTheAnnotation() {
    assertThat(Arrays.stream(FlyteTask.Type.values()).map(Enum::name))
        .containsExactlyElementsOf(
            Arrays.stream(dev.imagespec.FlyteTask.Type.values()).map(Enum::name).toList());
    assertThat(Arrays.stream(FlyteTask.Shape.values()).map(Enum::name))
        .containsExactlyElementsOf(
            Arrays.stream(dev.imagespec.FlyteTask.Shape.values()).map(Enum::name).toList());
    assertThat(FlyteTask.ANNOTATION).isEqualTo(dev.imagespec.FlyteTask.class.getName());
  }
}
