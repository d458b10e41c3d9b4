package dev.imagespec.runtime.registry;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.model.Registry;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuotasTest {
  private static final String ECR = "123456789012.dkr.ecr.us-east-1.amazonaws.com";

  private long now;
  private final Quotas quotas = new Quotas(() -> now, time -> now += time.toNanos());

  private Duration spent(int requests, String registry, String method, String path)
      throws InterruptedException {
    long start = now;
    for (int i = 0; i < requests; i++) {
      quotas.await(Registry.parse(registry), method, "/v2/team/app/" + path);
    }
    return Duration.ofNanos(now - start);
  }

  @ParameterizedTest
  @CsvSource({
    "PUT,  manifests/x,     10",
    "POST, blobs/uploads/,  100",
    "PUT,  blobs/uploads/x, 100",
    "HEAD, blobs/x,         1000",
    "GET,  manifests/x,     2000",
    "HEAD, manifests/x,     2000",
    "GET,  blobs/x,         3000"
  })
  void eachActionStaysAFifthBelowItsQuota(String method, String path, int perSecond)
      throws InterruptedException {
    // The first is not held back; the others take a second and a quarter for a second's quota.
    assertThat(spent(perSecond + 1, ECR, method, path))
        .isCloseTo(Duration.ofMillis(1250), Duration.ofMillis(1));
  }

  @Test
  void allEndPointsOfARegionShareItsQuotaAndOthersDoNot() throws InterruptedException {
    spent(1, ECR, "PUT", "manifests/x");
    assertThat(spent(1, ECR.replace("ecr", "ecr-fips") + ":443", "PUT", "manifests/x"))
        .isEqualTo(Duration.ofMillis(125));
    assertThat(spent(1, ECR.replace("east", "west"), "PUT", "manifests/x")).isZero();
    assertThat(spent(1, ECR, "POST", "blobs/uploads/")).isZero();
  }

  @Test
  void amazonEcrPublicTakesTenWritesAndTwoHundredReads() throws InterruptedException {
    assertThat(spent(9, "public.ecr.aws", "POST", "blobs/uploads/"))
        .isEqualTo(Duration.ofSeconds(1));
    assertThat(spent(161, "public.ecr.aws", "HEAD", "manifests/x"))
        .isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void otherRegistriesAreNotHeldBack() throws InterruptedException {
    assertThat(spent(1000, "ghcr.io", "PUT", "manifests/x")).isZero();
    assertThat(spent(1000, "localhost:5000", "PUT", "manifests/x")).isZero();
  }
}
