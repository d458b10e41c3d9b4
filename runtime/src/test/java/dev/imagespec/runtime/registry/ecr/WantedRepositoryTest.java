package dev.imagespec.runtime.registry.ecr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class WantedRepositoryTest {
  private static final String KEY = "arn:aws:kms:us-east-1:123456789012:key/1";
  private static final String CLI = " --repository-name team/app";

  private static WantedRepository wanted(boolean mutable, boolean scan, String key) {
    return new WantedRepository(mutable, List.of(), scan, key, List.of(), 0);
  }

  @ParameterizedTest
  @CsvSource({
    "IMMUTABLE,                ,       false, true",
    "MUTABLE,                  ,       false, false",
    "IMMUTABLE_WITH_EXCLUSION, latest, false, true",
    "IMMUTABLE_WITH_EXCLUSION, is1-*,  false, false",
    "IMMUTABLE_WITH_EXCLUSION, *,      false, false",
    "MUTABLE_WITH_EXCLUSION,   v*,     false, false",
    "MUTABLE_WITH_EXCLUSION,   *,      false, true",
    "MUTABLE,                  ,       true,  true",
    "IMMUTABLE,                ,       true,  false"
  })
  void tagsOfRegisteredImagesAreImmutableUnlessAskedOtherwise(
      String mutability, String exclusion, boolean mutable, boolean same) {
    RepositoryState there =
        new RepositoryState(
            mutability, exclusion == null ? List.of() : List.of(exclusion), false, "AES256", "");
    List<String> differences = wanted(mutable, false, "").differences(there, CLI);
    if (same) {
      assertThat(differences).isEmpty();
    } else {
      assertThat(differences)
          .singleElement()
          .asString()
          .contains(mutability)
          .contains("aws ecr put-image-tag-mutability --repository-name team/app");
    }
  }

  @Test
  void aDifferenceSaysWhatThereIsWhatIsAskedForAndHowToChangeIt() {
    RepositoryState plain = new RepositoryState("IMMUTABLE", List.of(), false, "AES256", "");
    assertThat(wanted(false, true, KEY).differences(plain, CLI))
        .satisfiesExactly(
            scan ->
                assertThat(scan)
                    .contains("put-image-scanning-configuration --repository-name team/app")
                    .contains("scanOnPush=true"),
            key -> assertThat(key).contains("AES256", KEY, "cannot be changed"));
    RepositoryState more = new RepositoryState("IMMUTABLE", List.of(), true, "KMS", KEY);
    assertThat(wanted(false, true, KEY).differences(more, CLI)).isEmpty();
    assertThat(wanted(false, false, "").differences(more, CLI)).as("more than asked for").isEmpty();
    assertThat(
            wanted(false, false, "arn:aws:kms:us-east-1:123456789012:alias/a")
                .differences(more, CLI))
        .as("what an alias stands for is not known")
        .isEmpty();
  }

  @Test
  void missingExclusionsAreADifference() {
    WantedRepository wanted =
        new WantedRepository(false, List.of("latest", "dev-*"), false, "", List.of(), 0);
    RepositoryState there =
        new RepositoryState("IMMUTABLE_WITH_EXCLUSION", List.of("latest"), false, "AES256", "");
    assertThat(wanted.differences(there, CLI)).singleElement().asString().contains("dev-*");
  }

  @ParameterizedTest
  @ValueSource(strings = {"*", "is1-*", "i*", "*1-*", "env1-0*", "is1-*e"})
  void aFilterThatLetsOurTagsBeMovedIsRefused(String filter) {
    assertThatThrownBy(() -> WantedRepository.checkFilters(List.of(filter)))
        .hasMessageContaining("nobody may move");
  }

  @Test
  void filtersHaveEcrsForm() {
    WantedRepository.checkFilters(List.of("latest", "dev-*", "v1.*", "a_b"));
    assertThatThrownBy(() -> WantedRepository.checkFilters(List.of("a b")))
        .hasMessageContaining("no filter of tags");
    assertThatThrownBy(() -> WantedRepository.checkFilters(List.of("a", "b", "c", "d", "e", "f")))
        .hasMessageContaining("at most 5");
  }
}
