package dev.imagespec.runtime.registry.ecr;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TagPatternTest {
  @ParameterizedTest
  @CsvSource({
    "latest, latest, true",
    "latest, latest2, false",
    "late.t, latest, false",
    "*, anything, true",
    "*-latest, One-latest, true",
    "*-latest, -latest, true",
    "*-latest, latest, false",
    "v*, v, true",
    "v*1*2, v112, true",
    "v*1*2, v12, true",
    "v*1*2, v21, false",
    "a*a, a, false",
    "a*a, aa, true",
    "a*b*a, aba, true",
    "a*ba*ba, aba, false",
    "a**b, ab, true",
  })
  void aStarStandsForAnyCharacters(String pattern, String tag, boolean matches) {
    assertThat(TagPattern.matches(pattern, tag)).isEqualTo(matches);
  }

  @ParameterizedTest
  @CsvSource({
    "MUTABLE, true, true",
    "IMMUTABLE, false, false",
    "IMMUTABLE_WITH_EXCLUSION, true, false",
    "MUTABLE_WITH_EXCLUSION, false, true",
  })
  void whatMayMoveDependsOnTheRepositoryAndItsExclusions(
      String mutability, boolean latest, boolean version) {
    RepositoryState state =
        new RepositoryState(
            mutability,
            mutability.endsWith("_EXCLUSION") ? List.of("*latest") : List.of(),
            false,
            "AES256",
            "");
    assertThat(state.mayMoveTag("latest")).isEqualTo(latest);
    assertThat(state.mayMoveTag("1.4")).isEqualTo(version);
  }

  @Test
  void aManyStarredPatternIsDecidedAtOnce() {
    assertThat(TagPattern.matches("*a".repeat(60) + "b", "a".repeat(128))).isFalse();
  }
}
