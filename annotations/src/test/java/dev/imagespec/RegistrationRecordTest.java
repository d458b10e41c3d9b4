package dev.imagespec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistrationRecordTest {
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

  @Test
  void whatImagesWereMadeFromAndBecameIsKeptAndItsAbsenceIsNoError() {
    Map<String, Object> inputs = Map.of("images", Map.of("0", Map.of("format", 1L)));
    RegistrationRecord now =
        new RegistrationRecord(
            Map.of("a.B", "r/n@sha256:1"),
            List.of(),
            List.of(new RegistrationRecord.RegisteredTask("aws", "ecs:f.json", "a.B", "arn:x:1")),
            "",
            "",
            inputs);
    assertThat(RegistrationRecord.parse(now.toJson())).isEqualTo(now);
    RegistrationRecord old =
        new RegistrationRecord(Map.of("a.B", "r/n@sha256:1"), List.of(), "", "");
    assertThat(old.toJson()).doesNotContain("inputs", "registrations");
    assertThat(RegistrationRecord.parse(old.toJson()).registrations()).isEmpty();
    assertThat(RegistrationRecord.parse(old.toJson()).inputs()).isEmpty();
  }

  @Test
  void whatALaterReleaseAddsIsPassedOverAndAnotherSchemaIsRefused() {
    String later =
        """
        {"schema": 1, "tasks": {"a.B": "r/n@sha256:1"}, "news": [],
         "images": [{"reference": "r/n@sha256:1", "size": 1, "tasks": ["a.B"]}]}
        """;
    RegistrationRecord record = RegistrationRecord.parse(later);
    assertThat(record.reference("a.B")).hasValue("r/n@sha256:1");
    assertThat(record.images().get(0).tasks()).containsExactly("a.B");
    assertThatThrownBy(
            () -> RegistrationRecord.parse(later.replace("\"schema\": 1", "\"schema\": 2")))
        .hasMessageContaining("schema 2");
    assertThatThrownBy(
            () -> RegistrationRecord.parse(later.replace("\"news\": []", "\"inputs\": []")))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
