package dev.imagespec.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.Proxy;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

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

  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "registry.corp:5000 https://registry.corp:5000/v2/ true",
        "registry.corp:5000 https://registry.corp/v2/ false",
        "registry.corp:443 https://registry.corp/v2/ true",
        "registry.corp https://registry.corp:5000/v2/ true",
        "registry.corp https://a.registry.corp/v2/ true",
        "registry.corp https://aregistry.corp/v2/ false",
        ".corp:5000 https://a.b.corp:5000/ true",
        ".corp:5000 https://a.b.corp/ false",
        "*.corp:5000 https://a.corp:5000/ true",
        "10.0.0.0/8 https://10.1.2.3:5000/ true",
        "10.0.0.0/8 https://11.1.2.3/ false",
        "192.168.7.128/25 https://192.168.7.127/ false",
        "192.168.7.128/25 https://192.168.7.255/ true",
        "10.0.0.0/8 https://10.corp/ false",
        "10.0.0.0/99 https://10.1.2.3/ false",
        "0.0.0.0/0 https://10.1.2.3/ true",
        "10.1.2.3 https://10.1.2.3/ true",
        "10.1.2.3:5000 https://10.1.2.3/ false",
        "fd00::/8 https://[fd12::1]/ true",
        "fd00::/8 https://[fe80::1]/ false",
        "fd12::1 https://[fd12::1]:5000/ true",
        "[fd12::1]:5000 https://[fd12::1]:5000/ true",
        "[fd12::1]:5000 https://[fd12::1]/ false",
        "* https://ghcr.io/ true",
        "10.0.0.0/x https://10.1.2.3/ false",
        "host:port https://host/ false",
        ": https://host/ false",
        "a,REGISTRY.corp,b https://registry.CORP/ true",
      })
  void exemptionsHavePortsAndRanges(String exempt, String uri, boolean direct) {
    Map<String, String> environment = Map.of("HTTPS_PROXY", "p:1", "NO_PROXY", exempt);
    assertThat(Proxies.of(environment).select(URI.create(uri)).get(0).type())
        .isEqualTo(direct ? Proxy.Type.DIRECT : Proxy.Type.HTTP);
  }
}
