package dev.imagespec.runtime.registry.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.http.Transport;
import dev.imagespec.testkit.RegistryServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenServerTest {
  private static final String SECRET = "s3cret-canary";

  private final RegistryServer evil = RegistryServer.anonymous();

  /** A proxy that refuses to connect: the request was made, and the credential is inside TLS. */
  private final Transport nothing =
      new Transport(Duration.ofSeconds(1), Map.of("HTTPS_PROXY", "http://" + evil.registry()));

  @AfterEach
  void stop() {
    nothing.close();
    evil.close();
  }

  private String token(String registry, String realm, boolean allowsBearer)
      throws IOException, InterruptedException {
    return new TokenServer(nothing, List.of(), asked -> allowsBearer)
        .token(
            Registry.parse(registry),
            Scope.pull(Repository.parse(registry + "/a/b")).toString(),
            Challenge.of(Registry.parse("ghcr.io"), List.of("Bearer realm=\"" + realm + "\""))
                .orElseThrow(),
            Optional.of(new Credential("me", SECRET)));
  }

  private void refused(String registry, String realm, boolean allowsBearer) {
    assertThatThrownBy(() -> token(registry, realm, allowsBearer))
        .isInstanceOfSatisfying(
            ImageSpecException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.PROTOCOL))
        .hasMessageNotContaining(SECRET);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"registry.gitlab.com=gitlab.com", "docker.io=auth.docker.io", "ghcr.io=ghcr.io"})
  void theKnownPartnersAreTrusted(String pair) {
    String name = pair.substring(0, pair.indexOf('='));
    String realm = "https://" + pair.substring(pair.indexOf('=') + 1) + "/token";
    assertThatThrownBy(() -> token(name, realm, true)).isInstanceOf(IOException.class);
    assertThat(nothing.requests()).isEqualTo(1);
    refused(name, realm.replace("https://", "https://not-"), true);
    assertThat(nothing.requests()).isEqualTo(1);
    assertThat(evil.journal().entries())
        .allSatisfy(
            entry -> {
              assertThat(entry.authorized()).isFalse();
              assertThat(entry.path()).doesNotContain(SECRET);
            });
  }

  @Test
  void aRegistryThatNeverAsksForBearerTokensGetsNone() {
    refused("ghcr.io", "https://ghcr.io/token", false);
    assertThat(nothing.requests()).isZero();
  }
}
