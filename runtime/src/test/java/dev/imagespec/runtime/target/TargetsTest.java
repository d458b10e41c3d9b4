package dev.imagespec.runtime.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.RepositoryCreation;
import dev.imagespec.runtime.oci.MediaType;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.registry.Existing;
import dev.imagespec.runtime.registry.FastClient;
import dev.imagespec.runtime.registry.RegistryClient;
import dev.imagespec.runtime.registry.ecr.EcrRegistries;
import dev.imagespec.runtime.registry.ecr.FastEcr;
import dev.imagespec.testkit.RegistryServer;
import dev.imagespec.testkit.TestImage;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Which target a registry gets, and what each can do without its API. */
class TargetsTest {
  private static final String EMULATOR = "localhost:4566";
  private static final String ECR = "123456789012.dkr.ecr.us-east-1.amazonaws.com";
  private static final Manifest.Repository PLAIN =
      new Manifest.Repository(false, false, "", List.of(), 0);
  private static final Manifest.Repository SCANNED =
      new Manifest.Repository(false, true, "", List.of(), 0);

  private final EcrRegistries ecr = FastEcr.of(EMULATOR);
  private final RegistryClient client = new FastClient().builder().rules(ecr::rules).build();

  @AfterEach
  void close() {
    client.close();
    ecr.close();
  }

  private Target target(String registry, RepositoryCreation creation) {
    RepositoryDefaults defaults = new RepositoryDefaults(creation, List.of(), List.of());
    return new Targets(ecr, client, asked -> Optional.empty(), defaults)
        .of(Registry.parse(registry));
  }

  @ParameterizedTest
  @CsvSource({
    ECR + ", EcrTarget",
    "123456789012.dkr-ecr.us-east-1.on.aws, EcrTarget",
    EMULATOR + ", EcrTarget",
    "public.ecr.aws, EcrPublicTarget",
    "ecr-public.aws.com, EcrPublicTarget",
    "ghcr.io, OciTarget",
    "localhost:5000, OciTarget"
  })
  void theHostOrTheSettingDecides(String registry, String target) {
    assertThat(target(registry, RepositoryCreation.CREATE).getClass().getSimpleName())
        .isEqualTo(target);
  }

  @Test
  void aRegistryKeepsItsTarget() {
    Targets targets =
        new Targets(
            ecr,
            client,
            asked -> Optional.empty(),
            new RepositoryDefaults(RepositoryCreation.CREATE, List.of(), List.of()));
    assertThat(targets.of(Registry.parse(ECR))).isSameAs(targets.of(Registry.parse(ECR)));
  }

  @ParameterizedTest
  @CsvSource({ECR, EMULATOR})
  void aPrivateRegistryCanDoAllThatASpecAsksFor(String registry) {
    Target target = target(registry, RepositoryCreation.TEMPLATE);
    assertThatCode(() -> target.check(SCANNED)).doesNotThrowAnyException();
    assertThat(target.changesExisting(SCANNED)).isTrue();
    assertThat(target.changesExisting(PLAIN)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "public.ecr.aws, Amazon ECR Public has no scan on push",
    "ghcr.io, 'ghcr.io is not Amazon ECR, and has no scan on push'"
  })
  void whatARegistryCannotDoIsNotPassedOver(String registry, String message) {
    Target target = target(registry, RepositoryCreation.CREATE);
    assertThatCode(() -> target.check(PLAIN)).doesNotThrowAnyException();
    assertThatThrownBy(() -> target.check(SCANNED))
        .isInstanceOfSatisfying(
            ImageSpecException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.UNSUPPORTED))
        .hasMessageStartingWith(message);
    assertThat(target.changesExisting(PLAIN)).isFalse();
  }

  @Test
  void amazonEcrPublicHasNoTemplates() {
    assertThatThrownBy(() -> target("public.ecr.aws", RepositoryCreation.TEMPLATE).check(PLAIN))
        .hasMessageContaining("no repository creation templates");
  }

  @Test
  void onlyAPrivateRegistryExplainsAMissingTemplate() {
    ImageSpecException missing =
        new ImageSpecException(FailureCode.REPOSITORY_NOT_FOUND, "It does not exist.");
    Repository app = Repository.parse(ECR + "/team/app");
    assertThat(target(ECR, RepositoryCreation.TEMPLATE).explained(app, missing))
        .hasMessageContaining("No repository creation template has made " + app)
        .hasCause(missing);
    assertThat(target(ECR, RepositoryCreation.CREATE).explained(app, missing)).isSameAs(missing);
    assertThat(target("ghcr.io", RepositoryCreation.TEMPLATE).explained(app, missing))
        .isSameAs(missing);
  }

  @Test
  void anotherRegistryIsAskedForDigestsAloneAndForManifestsWhereTheyAreNeeded() {
    try (RegistryServer server = RegistryServer.anonymous()) {
      server.push("team/app", "1", TestImage.small());
      Repository app = Repository.parse(server.registry() + "/team/app");
      Target target = target(server.registry(), RepositoryCreation.CREATE);
      Digest small = TestImage.small().digest();
      List<Platform> one = List.of(Platform.DEFAULT);
      assertThat(target.images(app, Map.of("1", one, "2", one)).found())
          .isEqualTo(
              Map.of("1", new ImageDigests(small, Map.of(Platform.DEFAULT, small), List.of())));
      assertThat(server.journal().count("HEAD manifest")).isEqualTo(2);
      assertThat(server.journal().count("GET manifest")).isZero();
      assertThat(target.manifests(app, List.of("1", "2")).get("1"))
          .hasValueSatisfying(
              manifest -> assertThat(manifest.digest()).isEqualTo(TestImage.small().digest()));
      assertThat(server.journal().count("GET manifest")).isEqualTo(2);
    }
  }

  @Test
  void anIndexIsReadForItsPlatformsAndWhatCannotBeReadIsUnknown() {
    Platform arm = Platform.parse("linux/arm64");
    List<Platform> both = List.of(Platform.DEFAULT, arm);
    try (RegistryServer server = RegistryServer.anonymous()) {
      TestImage index =
          TestImage.builder().layer("a", "a").platforms("linux/amd64", "linux/arm64").build();
      server.push("team/app", "1", index);
      Repository app = Repository.parse(server.registry() + "/team/app");
      Existing<ImageDigests> answer =
          target(server.registry(), RepositoryCreation.CREATE)
              .images(app, Map.of("1", both, "2", both));
      assertThat(answer.found()).containsOnlyKeys("1");
      assertThat(answer.get("1").orElseThrow().top()).isEqualTo(index.digest());
      assertThat(answer.get("1").orElseThrow().platforms()).containsOnlyKeys(both);
      assertThat(server.journal().count("GET manifest")).isEqualTo(2);
      assertThat(server.journal().count("HEAD manifest")).isZero();
      Existing<RawManifest> odd =
          new Existing<>(
              true,
              Map.of(
                  "1",
                  RawManifest.of(
                      MediaType.OCI_INDEX, "{\"manifests\":1}".getBytes(StandardCharsets.UTF_8))),
              Map.of());
      assertThat(OciTarget.images(odd, Map.of("1", both)).unknown().get("1"))
          .hasMessageContaining("The tag 1 names something that cannot be read");
    }
  }
}
