package dev.imagespec.runtime.registry.ecr;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.http.Quota;
import dev.imagespec.runtime.http.Quotas;
import dev.imagespec.runtime.registry.Answer;
import dev.imagespec.runtime.registry.Operation;
import dev.imagespec.runtime.registry.RegistryRules;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class EcrRulesTest {
  private static final String ECR = "123456789012.dkr.ecr.us-east-1.amazonaws.com";

  private static final String EMULATOR = "localhost:4566";

  private long now;
  private final Quotas quotas = new Quotas(() -> now, time -> now += time.toNanos());

  private Duration spent(int requests, String registry, Operation operation)
      throws InterruptedException {
    Optional<Quota> quota = rules(registry).quota(operation);
    long start = now;
    for (int i = 0; i < requests && quota.isPresent(); i++) {
      quotas.await(quota.get());
    }
    return Duration.ofNanos(now - start);
  }

  private static RegistryRules rules(String registry) {
    return FastEcr.of(EMULATOR).rules(Registry.parse(registry));
  }

  @ParameterizedTest
  @CsvSource({
    "WRITE_MANIFEST, 10",
    "START_UPLOAD,   100",
    "FINISH_UPLOAD,  100",
    "CHECK_BLOB,     1000",
    "READ_MANIFEST,  2000",
    "READ_BLOB,      3000"
  })
  void eachActionStaysAFifthBelowItsQuota(Operation operation, int perSecond)
      throws InterruptedException {
    // The first is not held back; the others take a second and a quarter for a second's quota.
    for (String registry : List.of(ECR, EMULATOR)) {
      assertThat(spent(perSecond + 1, registry, operation))
          .as(registry)
          .isCloseTo(Duration.ofMillis(1250), Duration.ofMillis(1));
    }
  }

  @Test
  void allEndPointsOfARegionShareItsQuotaAndOthersDoNot() throws InterruptedException {
    spent(1, ECR, Operation.WRITE_MANIFEST);
    assertThat(spent(1, ECR.replace("ecr", "ecr-fips") + ":443", Operation.WRITE_MANIFEST))
        .isEqualTo(Duration.ofMillis(125));
    assertThat(spent(1, ECR.replace("east", "west"), Operation.WRITE_MANIFEST)).isZero();
    assertThat(spent(1, ECR, Operation.START_UPLOAD)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"public.ecr.aws", "ecr-public.aws.com"})
  void amazonEcrPublicTakesTenWritesAndTwoHundredReads(String registry)
      throws InterruptedException {
    assertThat(spent(9, registry, Operation.START_UPLOAD)).isEqualTo(Duration.ofSeconds(1));
    assertThat(spent(161, registry, Operation.READ_MANIFEST)).isEqualTo(Duration.ofSeconds(1));
  }

  @Test
  void otherRegistriesAreNotHeldBack() throws InterruptedException {
    assertThat(spent(1000, "ghcr.io", Operation.WRITE_MANIFEST)).isZero();
    assertThat(spent(1000, "localhost:5000", Operation.WRITE_MANIFEST)).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {ECR, EMULATOR, "public.ecr.aws"})
  void aDenialBringsThePolicyOfTheActionThatWasDenied(String registry) {
    Answer silent = new Answer(403, "DENIED", "");
    Answer naming =
        new Answer(
            403, "DENIED", "x is not authorized to perform: ecr:BatchGetImage on resource y");
    Repository repository = Repository.parse(registry + "/team/app");
    String service = registry.startsWith("public") ? "ecr-public" : "ecr";
    assertThat(rules(registry).remedy(silent, repository, Operation.WRITE_MANIFEST))
        .contains("\"Action\":\"" + service + ":PutImage\"");
    assertThat(rules(registry).remedy(silent, repository, Operation.LIST_TAGS))
        .contains("\"Action\":\"" + service + ":ListImages\"");
    assertThat(rules(registry).remedy(naming, repository, Operation.WRITE_MANIFEST))
        .contains("\"Action\":\"ecr:BatchGetImage\"");
    assertThat(rules("ghcr.io").remedy(naming, repository, Operation.WRITE_MANIFEST)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({ECR + ", false", EMULATOR + ", false", "public.ecr.aws, true", "ghcr.io, true"})
  void aPrivateRegistryNeverAsksForABearerToken(String registry, boolean allows) {
    assertThat(rules(registry).allowsBearer()).isEqualTo(allows);
  }

  @Test
  void onlyAmazonEcrIsTakenToSpeakOfExpiredTokens() {
    Answer expired = new Answer(403, "DENIED", "Your authorization token has expired. Do.");
    Registry registry = Registry.parse(ECR);
    assertThat(rules(ECR).isExpired(expired)).isTrue();
    assertThat(rules(EMULATOR).isExpired(expired)).isTrue();
    assertThat(rules("ghcr.io").isExpired(expired)).isFalse();
    assertThat(rules(ECR).refusedAgain(expired, registry))
        .hasValueSatisfying(e -> assertThat(e.code()).isEqualTo(FailureCode.WRONG_REGION));
    assertThat(rules(ECR).refusedAgain(new Answer(403, "DENIED", "no"), registry)).isEmpty();
    assertThat(rules("ghcr.io").refusedAgain(expired, registry)).isEmpty();
  }
}
