package dev.imagespec.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DocumentsTest {
  private static final Manifest FULL =
      new Manifest(
          "a.B$C",
          "ghcr.io",
          "n",
          "b:1",
          "",
          List.of(Platform.DEFAULT),
          new Manifest.Environment(
              List.of("git"),
              List.of("x==1"),
              "r.txt",
              "i",
              List.of("j"),
              List.of("c"),
              List.of("s")),
          new Manifest.Payload(
              true,
              "M",
              List.of("-X"),
              List.of("e"),
              List.of("a"),
              List.of("1"),
              List.of("/v"),
              "/w",
              "u",
              List.of(new Manifest.Copy("f", "/t", "0644")),
              Map.of("K", "\u0001\n\"\\\u2028"),
              Map.of("l", "")),
          new Manifest.Repository(true, true, "k", List.of("p"), 3));

  @Test
  void aManifestReadsBackAsItWasWritten() {
    assertThat(Manifest.parse(FULL.toJson())).isEqualTo(FULL);
  }

  @Test
  void anUnknownAttributeIsRefused() {
    String json = FULL.toJson().replace("\"aptPackages\"", "\"aptPackage\"");
    assertThatThrownBy(() -> Manifest.parse(json)).hasMessageContaining("aptPackage");
  }

  @Test
  void aNewerSchemaIsRefused() {
    assertThatThrownBy(
            () -> Manifest.parse(FULL.toJson().replace("\"schema\": 1", "\"schema\": 2")))
        .hasMessageContaining("schema 2");
  }

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

  @Test
  void aTaskFindsItsImageInTheRecord(@TempDir Path dir) throws IOException {
    RegistrationRecord record =
        new RegistrationRecord(
            Map.of("a.B", "r/n@sha256:1"),
            List.of(
                new RegistrationRecord.Image(
                    "r/n@sha256:1", "r/n", "is1-0", "0", List.of("linux/amd64"), List.of("a.B"))),
            "source",
            "revision");
    assertThat(RegistrationRecord.parse(record.toJson())).isEqualTo(record);
    Path file = Files.writeString(dir.resolve("record.json"), record.toJson());
    assertThat(RegistrationRecord.lookUp("a.B", null, file.toString())).isEqualTo("r/n@sha256:1");
    assertThatThrownBy(() -> RegistrationRecord.lookUp("a.C", null, file.toString()))
        .hasMessageContaining("imagespec register");
    assertThatThrownBy(() -> RegistrationRecord.lookUp("a.C", null, null))
        .hasMessageContaining("IMAGESPEC_REGISTRATION");
  }
}
