package dev.imagespec.runtime.aws;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.model.Registry;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.registry.ecr.EcrRegistries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A profile that is named and does not exist is said, and no other identity is used for it. */
class NamedProfileTest {
  private static final List<String> PROPERTIES =
      List.of("aws.profile", "aws.configFile", "aws.sharedCredentialsFile", "aws.accessKeyId");

  @TempDir Path dir;

  @BeforeEach
  void files() throws IOException {
    Path config =
        Files.writeString(
            dir.resolve("config"),
            "[default]\nregion = us-east-1\n[profile work]\nregion = eu-west-1\n");
    Path credentials =
        Files.writeString(
            dir.resolve("credentials"),
            "[ci]\naws_access_key_id = AKIATEST\naws_secret_access_key = secret-canary\n");
    System.setProperty("aws.configFile", config.toString());
    System.setProperty("aws.sharedCredentialsFile", credentials.toString());
  }

  @AfterEach
  void clear() {
    PROPERTIES.forEach(System::clearProperty);
  }

  @Test
  void oneThatDoesNotExistIsNamedWithTheFilesAndThoseThatDo() {
    System.setProperty("aws.profile", "nope");
    assertThatThrownBy(NamedProfile::require)
        .isInstanceOfSatisfying(
            ImageSpecException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.INVALID_SETTING))
        .hasMessageContaining("The AWS profile nope, which the system property aws.profile names")
        .hasMessageContaining("does not exist")
        .hasMessageContaining(dir.resolve("config").toString())
        .hasMessageContaining(dir.resolve("credentials").toString())
        .hasMessageContaining("ci, default, work")
        .hasMessageNotContaining("canary");
  }

  @Test
  void itIsSaidBeforeAnybodyIsAsked() {
    System.setProperty("aws.profile", "nope");
    Registry registry = Registry.parse("123456789012.dkr.ecr.us-east-1.amazonaws.com");
    try (EcrRegistries registries =
        EcrRegistries.of(Set.of(), Optional.empty(), Optional.empty(), Optional.empty())) {
      assertThatThrownBy(() -> registries.credential(registry))
          .hasMessageContaining("The AWS profile nope");
      assertThat(registries.requests()).isZero();
    }
  }

  @Test
  void oneThatExistsOrIsNotNeededIsNoMistake() {
    assertThatCode(NamedProfile::require).doesNotThrowAnyException();
    for (String name : List.of("work", "ci", "default", "")) {
      System.setProperty("aws.profile", name);
      assertThatCode(NamedProfile::require).doesNotThrowAnyException();
    }
    System.setProperty("aws.profile", "nope");
    System.setProperty("aws.accessKeyId", "AKIATEST");
    assertThatCode(NamedProfile::require).doesNotThrowAnyException();
  }

  @Test
  void withoutFilesThereAreNoProfiles() throws IOException {
    System.setProperty("aws.profile", "nope");
    Files.delete(dir.resolve("config"));
    Files.delete(dir.resolve("credentials"));
    assertThatThrownBy(NamedProfile::require).hasMessageContaining("There are no profiles.");
  }
}
