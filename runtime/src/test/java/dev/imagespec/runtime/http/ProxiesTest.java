package dev.imagespec.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ProxiesTest {
  private static final String SECRET = "s3cret-canary";

  @Test
  void proxiesFollowTheEnvironment() {
    Map<String, String> environment =
        Map.of("https_proxy", "proxy.example:3128", "NO_PROXY", "*.internal,exact.example");
    assertThat(Proxies.of(environment).select(URI.create("https://ghcr.io/")).get(0).address())
        .hasToString("proxy.example/<unresolved>:3128");
    for (String direct :
        List.of("https://a.internal/", "https://exact.example/", "http://127.0.0.1:1/")) {
      assertThat(Proxies.of(environment).select(URI.create(direct)))
          .containsExactly(java.net.Proxy.NO_PROXY);
    }
    assertThatThrownBy(() -> Proxies.of(Map.of("HTTPS_PROXY", "http://me:" + SECRET + "@p:1")))
        .hasMessageContaining("not supported")
        .hasMessageNotContaining(SECRET);
  }
}
