package dev.imagespec.runtime.registry.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChallengeTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Basic realm=\"x\" | basic |  ",
        "Bearer realm=\"https://a/t\",service=\"s,1\",scope=\"r:p,q\" | bearer | s,1",
        "bearer REALM=https://a/t , Service=s | bearer | s",
        "Basic realm=\"x\", Bearer realm=\"https://a/t\",service=\"s\" | bearer | s",
        "Bearer realm=\"https://a/t\",service=\"s\", Basic realm=\"x\" | bearer | s",
        "Negotiate, Basic realm=\"x, Bearer y\" | basic | "
      })
  void challengesAreRead(String header, String scheme, String service) {
    Challenge challenge = Challenge.of(List.of(header)).orElseThrow();
    assertThat(challenge.scheme()).isEqualTo(scheme);
    assertThat(challenge.parameter("service")).isEqualTo(service == null ? "" : service);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Digest x", "=", "\u0000"})
  void whatIsNoChallengeIsNone(String header) {
    assertThat(Challenge.of(List.of(header))).isEmpty();
  }
}
