package dev.imagespec.runtime.registry.ecr;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.json.Json;
import dev.imagespec.model.Digest;
import dev.imagespec.model.EcrHost;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.model.RepositoryName;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.aws.AssumedRole;
import dev.imagespec.runtime.oci.MediaType;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.registry.Existing;
import dev.imagespec.runtime.registry.auth.Credential;
import dev.imagespec.testkit.EcrPublicServer;
import dev.imagespec.testkit.EcrServer;
import dev.imagespec.testkit.Fault;
import dev.imagespec.testkit.RegistryServer;
import dev.imagespec.testkit.TestImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import software.amazon.awssdk.auth.credentials.ProfileCredentialsProvider;
import software.amazon.awssdk.core.client.config.ClientOverrideConfiguration;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.interceptor.Context;
import software.amazon.awssdk.core.interceptor.ExecutionAttributes;
import software.amazon.awssdk.core.interceptor.ExecutionInterceptor;
import software.amazon.awssdk.profiles.ProfileFile;
import software.amazon.awssdk.services.ecr.EcrClient;

class EcrRegistriesTest {
  private static final String HOST = "123456789012.dkr.ecr.us-east-1.amazonaws.com";
  private static final String ROLE = "arn:aws:iam::210987654321:role/push";

  /** A clock that is moved by hand, from the real time on: the SDK signs with that. */
  private static final class Hand extends Clock {
    private final Instant start = Instant.now();
    private Duration passed = Duration.ZERO;

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }

    @Override
    public Instant instant() {
      return start.plus(passed);
    }
  }

  private final EcrServer ecr = EcrServer.start();
  private final Hand clock = new Hand();
  private final EcrRegistries registries = registries(Optional.empty());

  private EcrRegistries registries(Optional<AssumedRole> role) {
    return FastEcr.of(Set.of(ecr.registry()), Set.of(), role, clock);
  }

  @BeforeEach
  void start() {
    System.setProperty("aws.accessKeyId", "AKIATEST");
    System.setProperty("aws.secretAccessKey", "test");
    System.setProperty("aws.endpointUrlEcr", ecr.endpoint().toString());
    System.setProperty("aws.endpointUrlSts", ecr.endpoint().toString());
  }

  @AfterEach
  void stop() {
    registries.close();
    ecr.close();
    for (String name :
        List.of(
            "aws.accessKeyId",
            "aws.secretAccessKey",
            "aws.endpointUrlEcr",
            "aws.endpointUrlSts",
            "aws.endpointUrlEcrPublic")) {
      System.clearProperty(name);
    }
  }

  private Repository repository(String name) {
    return new Repository(Registry.parse(ecr.registry()), new RepositoryName(name));
  }

  @ParameterizedTest
  @CsvSource({
    "123456789012.dkr.ecr.us-east-1.amazonaws.com,          api.ecr.us-east-1.amazonaws.com",
    "123456789012.dkr.ecr.ap-southeast-7.amazonaws.com,     api.ecr.ap-southeast-7.amazonaws.com",
    "123456789012.dkr.ecr-fips.us-east-1.amazonaws.com,     api.ecr-fips.us-east-1.amazonaws.com",
    "123456789012.dkr-ecr.us-east-1.on.aws,                 ecr.us-east-1.api.aws",
    "123456789012.dkr-ecr-fips.us-east-1.on.aws,            ecr-fips.us-east-1.api.aws",
    "123456789012.dkr.ecr.cn-north-1.amazonaws.com.cn,      api.ecr.cn-north-1.amazonaws.com.cn",
    "123456789012.dkr-ecr.cn-north-1.on.amazonwebservices.com.cn,"
        + " ecr.cn-north-1.api.amazonwebservices.com.cn",
    "123456789012.dkr.ecr.us-gov-west-1.amazonaws.com,      api.ecr.us-gov-west-1.amazonaws.com",
    "123456789012.dkr.ecr-fips.us-gov-west-1.amazonaws.com, api.ecr-fips.us-gov-west-1.amazonaws.com",
    "123456789012.dkr.ecr.eusc-de-east-1.amazonaws.eu,      api.ecr.eusc-de-east-1.amazonaws.eu",
    "123456789012.dkr.ecr.us-iso-east-1.c2s.ic.gov,         api.ecr.us-iso-east-1.c2s.ic.gov",
    "123456789012.dkr.ecr.us-isob-east-1.sc2s.sgov.gov,     api.ecr.us-isob-east-1.sc2s.sgov.gov",
    "123456789012.dkr.ecr.eu-isoe-west-1.cloud.adc-e.uk,    api.ecr.eu-isoe-west-1.cloud.adc-e.uk",
    "123456789012.dkr.ecr.us-isof-south-1.csp.hci.ic.gov,   api.ecr.us-isof-south-1.csp.hci.ic.gov"
  })
  void theApiOfAHostIsThatOfItsRegionInItsPartition(String host, String api) {
    System.clearProperty("aws.endpointUrlEcr");
    assertThat(asked(host).getHost()).isEqualTo(api);
  }

  @ParameterizedTest
  @CsvSource({
    "123456789012.dkr.ecr.us-east-1.amazonaws.com",
    "123456789012.dkr.ecr-fips.us-east-1.amazonaws.com",
    "123456789012.dkr-ecr.us-east-1.on.aws"
  })
  void theEndPointOfAVpcIsTakenAsItIsSet(String host) {
    String vpc = "vpce-1.api.ecr.us-east-1.vpce.amazonaws.com";
    System.setProperty("aws.endpointUrlEcr", "https://" + vpc);
    assertThat(asked(host).getHost()).isEqualTo(vpc);
  }

  /** Where the API of a registry would be asked; nothing is sent. */
  private static URI asked(String host) {
    List<URI> asked = new ArrayList<>();
    ExecutionInterceptor recorder =
        new ExecutionInterceptor() {
          @Override
          public void beforeTransmission(
              Context.BeforeTransmission context, ExecutionAttributes attributes) {
            asked.add(context.httpRequest().getUri());
            throw SdkClientException.create("not sent");
          }
        };
    try (EcrClients clients =
        new EcrClients(
            Optional.empty(),
            (ClientOverrideConfiguration.Builder configuration) ->
                configuration.addExecutionInterceptor(recorder))) {
      EcrClient client = clients.of(EcrHost.parse(host).orElseThrow());
      assertThatThrownBy(() -> client.describeRepositories(request -> {}))
          .hasMessageContaining("not sent");
      return asked.get(0);
    }
  }

  @Test
  void oneTokenServesARegionWhosesoeverItsRegistriesAre() {
    Credential first = registries.credential(Registry.parse(HOST)).orElseThrow();
    assertThat(registries.credential(Registry.parse(HOST.replace("123456789012", "210987654321"))))
        .hasValue(first);
    assertThat(registries.credential(Registry.parse(HOST.replace("ecr", "ecr-fips"))))
        .hasValue(first);
    assertThat(ecr.journal().count("GetAuthorizationToken")).isEqualTo(1);
    assertThat(registries.credential(Registry.parse(ecr.registry())).orElseThrow())
        .as("an emulator's token is another one")
        .isNotEqualTo(first);
    assertThat(registries.credential(Registry.parse("ghcr.io"))).isEmpty();
  }

  @Test
  void aTokenIsRenewedAtHalfItsLifeAndNotBefore() {
    Credential first = registries.credential(Registry.parse(ecr.registry())).orElseThrow();
    clock.passed = Duration.ofHours(6).minusSeconds(5);
    assertThat(registries.credential(Registry.parse(ecr.registry()))).hasValue(first);
    clock.passed = Duration.ofHours(6).plusSeconds(5);
    assertThat(registries.credential(Registry.parse(ecr.registry())).orElseThrow())
        .isNotEqualTo(first);
    assertThat(ecr.journal().count("GetAuthorizationToken")).isEqualTo(2);
  }

  @Test
  void aRoleIsAssumedWithItsExternalId() {
    ecr.trust(ROLE, "union-42");
    try (EcrRegistries assumed = registries(Optional.of(AssumedRole.of(ROLE, "union-42")))) {
      assertThat(assumed.credential(Registry.parse(ecr.registry()))).isPresent();
      assertThat(ecr.accessKeys()).containsExactly("ASIAROLE");
      assertThat(ecr.journal().count("AssumeRole")).isEqualTo(1);
    }
  }

  @Test
  void aRoleThatIsNotTrustedIsSaidWithThePolicyAndTheExternalId() {
    ecr.trust(ROLE, "union-42");
    try (EcrRegistries assumed = registries(Optional.of(AssumedRole.of(ROLE, null)))) {
      assertThatThrownBy(() -> assumed.credential(Registry.parse(ecr.registry())))
          .isInstanceOfSatisfying(
              ImageSpecException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.DENIED))
          .hasMessageContaining("\"sts:AssumeRole\",\"Resource\":\"" + ROLE + "\"")
          .hasMessageContaining("imagespec.ecr.external-id");
    }
  }

  @Test
  void aWebIdentityIsTaken(@TempDir Path dir) throws IOException {
    ecr.trust(ROLE, "the-pods-token");
    Path token = Files.writeString(dir.resolve("token"), "the-pods-token");
    withoutKeys(
        Map.of("aws.webIdentityTokenFile", token.toString(), "aws.roleArn", ROLE),
        () -> {
          assertThat(registries.credential(Registry.parse(ecr.registry()))).isPresent();
          assertThat(ecr.journal().count("AssumeRoleWithWebIdentity")).isEqualTo(1);
        });
  }

  @Test
  void aProfileThatAssumesARoleIsTaken(@TempDir Path dir) throws IOException {
    ecr.trust(ROLE, "union-42");
    Path config =
        Files.writeString(
            dir.resolve("config"),
            "[profile push]\nrole_arn = "
                + ROLE
                + "\nexternal_id = union-42\nsource_profile = me\n"
                + "[profile me]\naws_access_key_id = AKIAME\naws_secret_access_key = x\n");
    withoutKeys(
        Map.of("aws.configFile", config.toString(), "aws.profile", "push"),
        () -> {
          assertThat(registries.credential(Registry.parse(ecr.registry()))).isPresent();
          assertThat(ecr.accessKeys()).containsExactly("ASIAROLE");
        });
  }

  @Test
  void theCredentialsOfAContainerAreTaken() throws IOException {
    try (RegistryServer agent = RegistryServer.anonymous()) {
      agent.inject(
          Fault.respond(
              "GET /v2/",
              1,
              200,
              "{\"AccessKeyId\":\"ASIATASK\",\"SecretAccessKey\":\"x\",\"Token\":\"y\","
                  + "\"Expiration\":\"2099-01-01T00:00:00Z\"}",
              Map.of()));
      withoutKeys(
          Map.of("aws.containerCredentialsFullUri", "http://" + agent.registry() + "/v2/"),
          () -> {
            assertThat(registries.credential(Registry.parse(ecr.registry()))).isPresent();
            assertThat(ecr.accessKeys()).containsExactly("ASIATASK");
          });
    }
  }

  @Test
  void singleSignOnIsOnTheClassPath() {
    String config =
        "[default]\nsso_session = s\nsso_account_id = 1\nsso_role_name = r\n"
            + "[sso-session s]\nsso_start_url = https://sso.example\nsso_region = us-east-1\n";
    ProfileFile file =
        ProfileFile.builder()
            .type(ProfileFile.Type.CONFIGURATION)
            .content(new ByteArrayInputStream(config.getBytes(StandardCharsets.UTF_8)))
            .build();
    assertThatThrownBy(
            () ->
                ProfileCredentialsProvider.builder()
                    .profileFile(file)
                    .profileName("default")
                    .build()
                    .resolveCredentials())
        .as("it looks for the token of `aws sso login`, not for a class")
        .hasMessageContaining("token")
        .hasMessageNotContaining("class path");
  }

  private void withoutKeys(Map<String, String> properties, Runnable test) {
    System.clearProperty("aws.accessKeyId");
    System.clearProperty("aws.secretAccessKey");
    System.setProperty("aws.disableEc2Metadata", "true");
    System.setProperty("aws.region", "us-east-1");
    System.setProperty("aws.sharedCredentialsFile", "/none");
    properties.forEach(System::setProperty);
    try {
      test.run();
    } finally {
      properties.keySet().forEach(System::clearProperty);
      List.of("aws.disableEc2Metadata", "aws.region", "aws.sharedCredentialsFile")
          .forEach(System::clearProperty);
    }
  }

  @Test
  void tagsAreAskedForInHundreds() {
    ecr.push("team/app", "is1-7", TestImage.small());
    List<String> tags = IntStream.range(0, 250).mapToObj(i -> "is1-" + i).toList();
    Existing<RawManifest> existing = registries.images().existing(repository("team/app"), tags);
    assertThat(existing.found()).containsOnlyKeys("is1-7");
    assertThat(ecr.journal().count("BatchGetImage")).isEqualTo(3);
    assertThat(registries.images().existing(repository("none"), tags).repositoryExists()).isFalse();
  }

  @Test
  void theRegistryThatIsAskedIsTheHostsAccountsOwn() {
    ecr.push("team/app", "is1-a", TestImage.small());
    Repository own = new Repository(Registry.parse(HOST), new RepositoryName("team/app"));
    assertThat(registries.images().existing(own, List.of("is1-a")).found()).hasSize(1);
    Repository others =
        new Repository(
            Registry.parse(HOST.replace("123456789012", "210987654321")),
            new RepositoryName("team/app"));
    assertThat(registries.images().existing(others, List.of("is1-a")).repositoryExists()).isFalse();
  }

  @Test
  void anArchivedImageIsNeitherThereNorMissingAndTheOthersAreTold() {
    ecr.push("team/app", "is1-a", TestImage.small());
    ecr.push("team/app", "is1-b", TestImage.builder().layer("b", "b").build());
    ecr.archive("team/app", "is1-a");
    Existing<RawManifest> existing =
        registries.images().existing(repository("team/app"), List.of("is1-a", "is1-b", "is1-c"));
    assertThat(existing.found()).containsOnlyKeys("is1-b");
    assertThat(existing.unknown()).containsOnlyKeys("is1-a");
    ImageSpecException archived = new TreeMap<>(existing.unknown()).firstEntry().getValue();
    assertThat(archived.code()).isEqualTo(FailureCode.IMAGE_ARCHIVED);
    assertThat(archived)
        .hasMessageContaining("20 minutes")
        .hasMessageContaining("aws ecr update-image-storage-class")
        .hasMessageContaining("--image-id imageTag=is1-a --target-storage-class STANDARD");
    assertThat(registries.images().archived(repository("team/app"), "is1-a")).isPresent();
    assertThat(registries.images().archived(repository("team/app"), "is1-b")).isEmpty();
    assertThat(registries.images().archived(repository("team/app"), "is1-c")).isEmpty();
  }

  @Test
  void whatTheApiLeavesOutIsNotTakenForMissing() {
    ecr.createRepository("team/app", false);
    ecr.inject(Fault.respond("BatchGetImage", 1, 200, "{\"images\":[],\"failures\":[]}", Map.of()));
    assertThatThrownBy(() -> registries.images().existing(repository("team/app"), List.of("is1-a")))
        .hasMessageContaining("says nothing of some tags");
    ecr.inject(
        Fault.respond(
            "BatchGetImage",
            1,
            200,
            "{\"images\":[],\"failures\":[{\"imageId\":{\"imageTag\":\"is1-a\"},\"failureCode\":\"KmsError\","
                + "\"failureReason\":\"no key\"}]}",
            Map.of()));
    assertThat(registries.images().existing(repository("team/app"), List.of("is1-a")).unknown())
        .containsOnlyKeys("is1-a");
  }

  /** An answer to BatchGetImage with one image, whose manifest is as it is given. */
  private static Fault image(String manifest, String mediaType) {
    return Fault.respond(
        "BatchGetImage",
        1,
        200,
        Json.canonical(
            Map.of(
                "images",
                List.of(
                    Map.of(
                        "imageId",
                        Map.of(
                            "imageTag",
                            "is1-a",
                            "imageDigest",
                            Digest.of(manifest.getBytes(StandardCharsets.UTF_8)).toString()),
                        "imageManifest",
                        manifest,
                        mediaType.isEmpty() ? "registryId" : "imageManifestMediaType",
                        mediaType)),
                "failures",
                List.of())),
        Map.of());
  }

  @Test
  void aTagThatNamesNoImageIsNeitherThereNorMissing() {
    ecr.createRepository("team/app", false);
    ecr.inject(image("{}", "application/vnd.docker.distribution.manifest.v1+prettyjws"));
    Existing<RawManifest> existing =
        registries.images().existing(repository("team/app"), List.of("is1-a"));
    assertThat(existing.found()).isEmpty();
    assertThat(existing.unknown().get("is1-a"))
        .hasMessageContaining("team/app:is1-a")
        .hasMessageContaining("which is no image's");
  }

  @Test
  void aTypeThatAnEmulatorLeavesOutIsTheManifestsOwn() {
    ecr.createRepository("team/app", false);
    ecr.inject(image("{\"mediaType\":\"" + MediaType.OCI_INDEX + "\"}", ""));
    assertThat(
            registries
                .images()
                .existing(repository("team/app"), List.of("is1-a"))
                .found()
                .get("is1-a"))
        .extracting(RawManifest::mediaType)
        .isEqualTo(MediaType.OCI_INDEX);
  }

  @Test
  void theApiIsAskedAgainWhenItThrottlesOrFails() {
    ecr.createRepository("team/app", false);
    for (Fault fault :
        List.of(
            Fault.throttle("BatchGetImage", 5),
            Fault.serverError("BatchGetImage", 5),
            Fault.reset("BatchGetImage", 5))) {
      ecr.journal().clear();
      ecr.inject(fault);
      assertThat(
              registries
                  .images()
                  .existing(repository("team/app"), List.of("is1-a"))
                  .repositoryExists())
          .isTrue();
      assertThat(ecr.journal().count("BatchGetImage")).isEqualTo(6);
    }
  }

  @Test
  void amazonEcrPublicIsReadByEverybodyAndWrittenWithItsOwnToken() {
    try (EcrPublicServer server = EcrPublicServer.start("acme")) {
      System.setProperty("aws.endpointUrlEcrPublic", server.endpoint().toString());
      try (EcrRegistries open =
          FastEcr.of(Set.of(), Set.of(server.registry()), Optional.empty(), clock)) {
        assertThat(open.readingCredential(Registry.parse(server.registry()))).isEmpty();
        assertThat(server.journal().entries()).isEmpty();
        Credential token = open.credential(Registry.parse(server.registry())).orElseThrow();
        assertThat(token.user()).isEqualTo("AWS");
        assertThat(open.credential(Registry.parse(server.registry()))).hasValue(token);
        assertThat(server.journal().count("GetAuthorizationToken")).isEqualTo(1);
        server.deny("ecr-public:GetAuthorizationToken");
        open.expire(Registry.parse(server.registry()));
        assertThatThrownBy(() -> open.credential(Registry.parse(server.registry())))
            .hasMessageContaining(
                "\"Action\":[\"ecr-public:GetAuthorizationToken\",\"sts:GetServiceBearerToken\"]");
      }
    }
  }

  @Test
  void aRepositoryOfAmazonEcrPublicIsMadeInOnesOwnRegistryAlone() {
    try (EcrPublicServer server = EcrPublicServer.start("acme")) {
      System.setProperty("aws.endpointUrlEcrPublic", server.endpoint().toString());
      try (EcrRegistries open =
          FastEcr.of(Set.of(), Set.of(server.registry()), Optional.empty(), clock)) {
        Repository own =
            new Repository(Registry.parse(server.registry()), new RepositoryName("acme/team/app"));
        PublicRepositories repositories = open.publicRepositories();
        assertThat(repositories.exists(own)).isFalse();
        assertThat(repositories.create(own)).isTrue();
        assertThat(repositories.create(own)).as("there already").isFalse();
        assertThat(repositories.exists(own)).isTrue();
        assertThat(server.repositories()).containsExactly("team/app");
        assertThat(server.setting("team/app", "tags").toString()).contains("managed-by");
        assertThatThrownBy(
                () ->
                    repositories.exists(
                        new Repository(
                            Registry.parse(server.registry()),
                            new RepositoryName("other/team/app"))))
            .hasMessageContaining("its own is acme");
      }
    }
  }

  @Test
  void anEmulatorWithoutAnEndPointGetsNoTokenOfAmazons() {
    System.clearProperty("aws.endpointUrlEcr");
    assertThatThrownBy(() -> registries.credential(Registry.parse(ecr.registry())))
        .hasMessageContaining("set AWS_ENDPOINT_URL_ECR");
  }

  @Test
  void repositoriesAreDescribedInHundredsAndVanishedOnesLeftOut() {
    List<Repository> all = new ArrayList<>();
    for (int i = 0; i < 150; i++) {
      all.add(repository("team/app" + i));
      ecr.createRepository("team/app" + i, i % 2 == 0);
    }
    WantedRepository wanted = new WantedRepository(false, List.of(), false, "", List.of(), 0);
    var asked = new java.util.LinkedHashMap<Repository, WantedRepository>();
    all.forEach(repository -> asked.put(repository, wanted));
    assertThat(registries.repositories().differences(asked)).hasSize(75);
    assertThat(ecr.journal().count("DescribeRepositories")).isEqualTo(2);
    var withMissing = new java.util.LinkedHashMap<Repository, WantedRepository>();
    withMissing.put(repository("gone"), wanted);
    withMissing.put(all.get(0), wanted);
    assertThat(registries.repositories().differences(withMissing)).containsOnlyKeys(all.get(0));
  }
}
