package dev.imagespec.runtime.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.imagespec.json.Json;
import dev.imagespec.model.Digest;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.model.RepositoryName;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.oci.MediaType;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.registry.auth.Credential;
import dev.imagespec.runtime.registry.auth.CredentialSource;
import dev.imagespec.runtime.registry.ecr.EcrRules;
import dev.imagespec.testkit.Fault;
import dev.imagespec.testkit.Journal.Plane;
import dev.imagespec.testkit.RegistryServer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a registry of Amazon ECR answers to a push, and what is said of it. */
class RegistryAnswersTest {
  private static final String EXPIRED =
      "Your authorization token has expired. Reauthenticate and try again.";

  private final FastClient time = new FastClient();

  private RegistryClient client(CredentialSource credentials) {
    return time.builder().rules(EcrRules::ofEmulator).credentials(credentials).build();
  }

  private static String error(String code, String message) {
    return Json.canonical(Map.of("errors", List.of(Map.of("code", code, "message", message))));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "401 | UNAUTHORIZED | Not Authorized | UNAUTHORIZED | docker login",
        "403 | DENIED | User: arn:aws:iam::1:user/a is not authorized to perform: ecr:PutImage on"
            + " resource: arn | DENIED | \"Action\":\"ecr:PutImage\"",
        "403 | DENIED | " + EXPIRED + " | WRONG_REGION | another region",
        "404 | NAME_UNKNOWN | The repository with name 'x' does not exist in the registry with id '1'"
            + " | REPOSITORY_NOT_FOUND | does not exist",
        "400 | TAG_INVALID | The image tag '1' already exists in the 'team/app' repository and cannot"
            + " be overwritten because the tag is immutable. | TAG_IMMUTABLE | immutable",
        "400 | TAG_INVALID | The image tag '1' already exists in the 'team/app' repository and cannot"
            + " be overwritten because the repository is immutable. | TAG_IMMUTABLE | immutable",
        "405 | UNSUPPORTED | Invalid parameter at 'ImageManifest' failed to satisfy constraint"
            + " | UNSUPPORTED_MEDIA_TYPE | media type",
        "415 | '' | no | UNSUPPORTED_MEDIA_TYPE | media type",
        "404 | BLOB_UNKNOWN | the layer is not there | PROTOCOL | BLOB_UNKNOWN",
        "400 | MANIFEST_INVALID | nonsense | PROTOCOL | MANIFEST_INVALID",
        "429 | TOOMANYREQUESTS | Rate exceeded | THROTTLED | slow down",
        "500 | '' | '' | UNREACHABLE | Register again later",
        "503 | '' | '' | UNREACHABLE | Register again later"
      })
  void eachAnswerIsToldFromTheOthersWithTheNextStep(
      int status, String code, String message, FailureCode expected, String nextStep) {
    try (RegistryServer server = RegistryServer.anonymous();
        RegistryClient client = client(r -> Optional.of(new Credential("AWS", "password")))) {
      server.inject(Fault.respond("PUT manifest", 99, status, error(code, message), Map.of()));
      ImageSpecException failure =
          catchThrowableOfType(
              ImageSpecException.class,
              () ->
                  client
                      .manifests()
                      .put(
                          new Repository(
                              Registry.parse(server.registry()), new RepositoryName("team/app")),
                          "1",
                          RawManifest.of(
                              MediaType.OCI_MANIFEST, "{}".getBytes(StandardCharsets.UTF_8))));
      assertThat(failure.code()).isEqualTo(expected);
      assertThat(failure)
          .hasMessageContaining(nextStep)
          .hasMessageContaining(server.registry())
          .hasMessageNotContaining("password");
    }
  }

  @Test
  void aHostThatDoesNotExistIsUnreachable() {
    try (RegistryClient client = client(r -> Optional.empty())) {
      ImageSpecException failure =
          catchThrowableOfType(
              ImageSpecException.class,
              () ->
                  client
                      .blobs()
                      .exists(
                          new Repository(
                              Registry.parse("no.such.host.invalid"),
                              new RepositoryName("team/app")),
                          Digest.of(new byte[0])));
      assertThat(failure.code()).isEqualTo(FailureCode.UNREACHABLE);
      assertThat(failure).hasMessageContaining("there is no host of this name");
    }
  }

  @Test
  void aRegistryThatAsksToWaitForEverIsGivenUpAfterTwoMinutes() {
    try (RegistryServer server = RegistryServer.anonymous();
        RegistryClient client = client(r -> Optional.empty())) {
      server.inject(Fault.respond("HEAD blob", 99, 429, "", Map.of("Retry-After", "99999")));
      ImageSpecException failure =
          catchThrowableOfType(
              ImageSpecException.class,
              () ->
                  client
                      .blobs()
                      .exists(
                          new Repository(
                              Registry.parse(server.registry()), new RepositoryName("team/app")),
                          Digest.of(new byte[0])));
      assertThat(failure.code()).isEqualTo(FailureCode.THROTTLED);
      assertThat(time.nanoTime()).isEqualTo(120_000_000_000L);
      assertThat(server.journal().count("HEAD blob")).isEqualTo(5);
    }
  }

  @Test
  void askedToSlowDownFewerRequestsAreSentAtOnce() throws Exception {
    CountDownLatch all = new CountDownLatch(8);
    AtomicInteger running = new AtomicInteger();
    AtomicInteger peak = new AtomicInteger();
    try (RegistryServer server = RegistryServer.anonymous();
        RegistryClient client = client(r -> Optional.empty())) {
      // Each is answered when all have arrived.
      server.inject(
          Fault.before(
              "HEAD blob",
              8,
              () -> {
                all.countDown();
                await(all, 10_000);
              }));
      askEightAtOnce(client, server);
      assertThat(all.getCount()).isZero();

      server.inject(Fault.throttle("HEAD blob", 8));
      askEightAtOnce(client, server);

      server.inject(
          Fault.before(
              "HEAD blob",
              8,
              () -> {
                peak.accumulateAndGet(running.incrementAndGet(), Math::max);
                await(new CountDownLatch(1), 100);
                running.decrementAndGet();
              }));
      askEightAtOnce(client, server);
      assertThat(peak.get()).isBetween(1, 6);
    }
  }

  private static void await(CountDownLatch latch, long millis) {
    try {
      boolean unused = latch.await(millis, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void askEightAtOnce(RegistryClient client, RegistryServer server)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<Boolean>> answers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        answers.add(
            threads.submit(
                () ->
                    client
                        .blobs()
                        .exists(
                            new Repository(
                                Registry.parse(server.registry()), new RepositoryName("team/app")),
                            Digest.of(new byte[0]))));
      }
      for (Future<Boolean> answer : answers) {
        assertThat(answer.get()).isFalse();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void aTokenThatExpiresUnderManyRequestsIsRenewedOnce() throws Exception {
    AtomicInteger renewals = new AtomicInteger();
    try (RegistryServer server = RegistryServer.basic("AWS", "generation1")) {
      CredentialSource source =
          new CredentialSource() {
            private volatile int generation;

            @Override
            public Optional<Credential> credential(Registry registry) {
              return Optional.of(new Credential("AWS", "generation" + generation));
            }

            @Override
            public synchronized void expire(Registry registry) {
              // Not before all eight are refused with the old one.
              long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
              while (refused(server) < 8 && System.nanoTime() < deadline) {
                await(new CountDownLatch(1), 5);
              }
              renewals.incrementAndGet();
              generation++;
            }
          };
      try (RegistryClient client = client(source)) {
        // A HEAD has no body that says why.
        server.inject(Fault.respond("GET /v2/", 99, 403, error("DENIED", EXPIRED), Map.of()));
        server.inject(Fault.respond("HEAD blob", 8, 403, "", Map.of()));
        askEightAtOnce(client, server);
        assertThat(renewals).hasValue(1);
        assertThat(server.journal().count(e -> e.plane() == Plane.DATA && e.status() == 404))
            .isEqualTo(8);
      }
    }
  }

  private static long refused(RegistryServer server) {
    return server.journal().count(e -> e.operation().equals("HEAD blob") && e.status() == 403);
  }
}
