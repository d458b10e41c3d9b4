package dev.imagespec.runtime.registry.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.model.Registry;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChallengeTest {
  private static final Registry REGISTRY = Registry.parse("ghcr.io");

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
    Challenge challenge = Challenge.of(REGISTRY, List.of(header)).orElseThrow();
    assertThat(challenge.scheme()).isEqualTo(scheme);
    assertThat(challenge.parameter("service")).isEqualTo(service == null ? "" : service);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "Digest x", "=", "\u0000"})
  void whatIsNoChallengeIsNone(String header) {
    assertThat(Challenge.of(REGISTRY, List.of(header))).isEmpty();
  }

  @Test
  void theLongestHeaderThatIsReadTakesNoMoreStackThanAShortOne() throws InterruptedException {
    String header = "Bearer realm=\"" + "\\a".repeat(4000) + "\"";
    AtomicReference<Object> result = new AtomicReference<>();
    Runnable read = () -> result.set(Challenge.of(REGISTRY, List.of(header)).orElseThrow());
    Thread thread = new Thread(null, read, "small stack", 1 << 17);
    thread.setUncaughtExceptionHandler((t, e) -> result.set(e));
    thread.start();
    thread.join();
    assertThat(result.get())
        .isInstanceOfSatisfying(
            Challenge.class,
            challenge -> assertThat(challenge.parameter("realm")).isEqualTo("a".repeat(4000)));
  }

  @Test
  void aHeaderThatIsTooLongIsAnErrorUnlessAnotherOneCanBeRead() {
    String tooLong = "Bearer realm=\"" + "a".repeat(100_000) + "\"";
    assertThatThrownBy(() -> Challenge.of(REGISTRY, List.of(tooLong)))
        .isInstanceOfSatisfying(
            ImageSpecException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.PROTOCOL))
        .hasMessageContaining("ghcr.io");
    assertThat(Challenge.of(REGISTRY, List.of(tooLong, "Basic realm=\"x\""))).isPresent();
  }
}
