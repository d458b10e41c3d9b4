package dev.imagespec.runtime.registry.auth;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.model.Registry;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.fuzz.Fuzz;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A header of a registry is a challenge that is supported, or none, or too long. */
class ChallengeFuzzTest {
  private static final Registry REGISTRY = Registry.parse("registry.example");
  private static final List<String> SAMPLES =
      List.of(
          "Bearer realm=\"https://auth.example/token\",service=\"registry.example\","
              + "scope=\"repository:a/b:pull,push\"",
          "Basic realm=\"a \\\"b\\\" c\"",
          "Negotiate, Digest realm=x, nonce = \"y\\\\\" , Basic , Bearer realm=https://t.example/",
          "Bearer error=\"insufficient_scope\" , realm = \"https://auth.example/t\"");

  @Test
  void aHeaderIsAChallengeOrNone() throws InterruptedException {
    Fuzz.run(
        SAMPLES,
        document -> {
          String header = new String(document, StandardCharsets.ISO_8859_1);
          List<String> headers =
              List.of(header, header.substring(0, Math.min(header.length(), 8000)));
          try {
            Challenge.of(REGISTRY, headers)
                .ifPresent(
                    challenge -> {
                      assertThat(challenge.scheme()).isIn("basic", "bearer");
                      assertThat(challenge.parameter("realm")).isNotNull();
                    });
            Challenge.of(REGISTRY, List.of(header));
          } catch (ImageSpecException e) {
            assertThat(e.code()).isEqualTo(FailureCode.PROTOCOL);
          }
        });
  }
}
