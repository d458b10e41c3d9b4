package dev.imagespec.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.json.Json;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Registry;
import dev.imagespec.runtime.Diagnosis.Finding;
import dev.imagespec.runtime.Diagnosis.Status;
import dev.imagespec.runtime.registry.ecr.EcrPolicies;
import dev.imagespec.testkit.EcrServer;
import dev.imagespec.testkit.Fault;
import dev.imagespec.testkit.Journal;
import dev.imagespec.testkit.Journal.Plane;
import dev.imagespec.testkit.RegistryServer;
import dev.imagespec.testkit.TestImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class DoctorTest {
  private static final String HOST = "123456789012.dkr.ecr.us-gov-west-1.amazonaws.com";

  @TempDir Path dir;
  @RegisterExtension final LocalRegistries registries = new LocalRegistries();
  private final EcrServer ecr = registries.ecr;
  private final RegistryServer registry = registries.other;
  private final Map<String, String> environment = new HashMap<>();
  private Clock clock = Clock.systemUTC();
  private Project project = new Project(Path.of(""));

  @BeforeEach
  void start() {
    project = new Project(dir);
    registry.push("base", "1", TestImage.small());
    project.task(Project.task("a.One", "team/app", "x"));
  }

  private SettingsBuilder settings(String host) {
    return registries.settings(project).registry(host);
  }

  private Diagnosis examine(Settings settings) {
    return Doctor.of(settings).in(environment, clock).examine();
  }

  private Diagnosis examine(String host) {
    return examine(settings(host).build());
  }

  private static Finding finding(Diagnosis diagnosis, String check, String subject) {
    return diagnosis.findings().stream()
        .filter(found -> found.check().equals(check) && found.subject().startsWith(subject))
        .findFirst()
        .orElseThrow(() -> new AssertionError(check + " " + subject + " in " + diagnosis));
  }

  @Test
  void aHealthySetUpHasNoFailureAndIsNotChanged() {
    Diagnosis diagnosis = examine(ecr.registry());
    assertThat(diagnosis.findings()).noneMatch(found -> found.status() == Status.FAILED);
    assertThat(diagnosis.isHealthy()).isTrue();
    assertThat(diagnosis.missingPolicies()).isEmpty();
    assertThat(diagnosis.findings().stream().map(Finding::check).distinct())
        .containsExactly(
            "proxy",
            "reach",
            "clock",
            "region",
            "credentials",
            "permission",
            "identity",
            "repository",
            "base",
            "engine");
    assertThat(finding(diagnosis, "repository", ecr.registry()).message())
        .contains("does not exist; register creates it");
    assertThat(finding(diagnosis, "base", Project.BASE).message()).contains("not locked yet");
    assertThat(ecr.repositories()).isEmpty();
    assertThat(
            ecr.journal().entries().stream()
                .filter(entry -> entry.plane() == Plane.DATA)
                .map(Journal.Entry::operation))
        .containsOnly("GET /v2/");
    assertThat(registry.journal().entries()).noneMatch(entry -> entry.received() > 0);
    assertThat(dir.resolve("imagespec.lock")).doesNotExist();
  }

  @Test
  void registrarsExamineWhatTheyNeedAndOneThatFailsHidesNoOther() {
    TaskRegistrar healthy =
        new TaskRegistrar() {
          @Override
          public String name() {
            return "platform";
          }

          @Override
          public Set<String> definitionKinds() {
            return Set.of("lambda");
          }

          @Override
          public List<Result> register(Registration registration, Context context) {
            throw new IllegalStateException("nothing is registered");
          }

          @Override
          public Diagnosis examine(Context context) {
            return new Diagnosis(
                List.of(
                    new Finding(
                        "platform", context.repositories().toString(), Status.WARNING, "odd")),
                Map.of("platform", "{}"));
          }
        };
    TaskRegistrar broken =
        new TaskRegistrar() {
          @Override
          public String name() {
            return "broken";
          }

          @Override
          public List<Result> register(Registration registration, Context context) {
            return List.of();
          }

          @Override
          public Diagnosis examine(Context context) throws IOException {
            throw new IOException("nobody is there");
          }
        };
    List<TaskRegistrar> both = List.of(broken, healthy);
    Diagnosis diagnosis =
        Doctor.of(settings(ecr.registry()).build()).withTaskRegistrars(both).examine();
    assertThat(finding(diagnosis, "platform", "{a.One=" + ecr.registry() + "/team/app}").message())
        .isEqualTo("odd");
    assertThat(finding(diagnosis, "registrar", "broken").message()).isEqualTo("nobody is there");
    assertThat(diagnosis.isHealthy()).isFalse();
    assertThat(diagnosis.missingPolicies()).containsEntry("platform", "{}");

    Settings wrong =
        settings(ecr.registry())
            .definitions(List.of(new Definition("lamda", Path.of("f.json"))))
            .build();
    diagnosis = Doctor.of(wrong).withTaskRegistrars(both).examine();
    assertThat(finding(diagnosis, "registrar", "definitions").message())
        .contains("did you mean lambda?");
  }

  @Test
  void whatWouldChangeSomethingIsSaidNotToHaveBeenProbed() {
    Diagnosis diagnosis = examine(ecr.registry());
    for (String action :
        List.of(
            "ecr:InitiateLayerUpload", "ecr:PutImage", "ecr:CreateRepository", "ecr:TagResource")) {
      assertThat(finding(diagnosis, "permission", action).status()).isEqualTo(Status.NOT_PROBED);
      assertThat(ecr.journal().count(action.substring(4))).isZero();
    }
    ecr.createRepository("team/app", false);
    assertThat(examine(ecr.registry()).findings())
        .as("what is there need not be created")
        .noneMatch(found -> found.subject().startsWith("ecr:CreateRepository"));
  }

  @Test
  void thePolicyAllowsExactlyWhatIsMissing() {
    ecr.createRepository("team/app", false);
    ecr.deny("ecr:BatchGetImage");
    ecr.deny("ecr:UploadLayerPart");
    Diagnosis diagnosis = examine(ecr.registry());
    assertThat(diagnosis.isHealthy()).isFalse();
    assertThat(finding(diagnosis, "permission", "ecr:BatchGetImage").status())
        .isEqualTo(Status.FAILED);
    assertThat(finding(diagnosis, "permission", "ecr:CompleteLayerUpload").status())
        .isEqualTo(Status.OK);
    Map<?, ?> policy =
        (Map<?, ?>) Json.parse(diagnosis.missingPolicies().getOrDefault(ecr.registry(), ""));
    assertThat(policy.get("Version")).isEqualTo("2012-10-17");
    assertThat(policy.get("Statement"))
        .isEqualTo(
            List.of(
                Map.of(
                    "Effect", "Allow",
                    "Action", List.of("ecr:BatchGetImage", "ecr:UploadLayerPart"),
                    "Resource", "*")));
  }

  @Test
  void aPolicyNamesTheRepositoryInItsOwnPartition() {
    String policy =
        EcrPolicies.allowing(
            Registry.parse(HOST),
            Map.of(
                "", Set.of("ecr:GetAuthorizationToken"),
                "team/app", Set.of("ecr:PutImage", "ecr:BatchGetImage")));
    assertThat(Json.parse(policy))
        .isEqualTo(
            Map.of(
                "Version",
                "2012-10-17",
                "Statement",
                List.of(
                    Map.of(
                        "Effect", "Allow",
                        "Action", List.of("ecr:GetAuthorizationToken"),
                        "Resource", "*"),
                    Map.of(
                        "Effect",
                        "Allow",
                        "Action",
                        List.of("ecr:BatchGetImage", "ecr:PutImage"),
                        "Resource",
                        "arn:aws-us-gov:ecr:us-gov-west-1:123456789012:repository/team/app"))));
  }

  @Test
  void withoutATokenTheRestIsStillAskedFor() {
    ecr.deny("ecr:GetAuthorizationToken");
    Diagnosis diagnosis = examine(ecr.registry());
    assertThat(finding(diagnosis, "permission", "ecr:GetAuthorizationToken").status())
        .isEqualTo(Status.FAILED);
    assertThat(finding(diagnosis, "permission", "ecr:BatchGetImage").status()).isEqualTo(Status.OK);
    assertThat(diagnosis.missingPolicies().get(ecr.registry())).contains("GetAuthorizationToken");
  }

  @Test
  void theIdentityIsNamedWhereItCanBeAskedFor() {
    assertThat(finding(examine(ecr.registry()), "identity", "").status())
        .as("an emulator's credentials are not shown to AWS")
        .isEqualTo(Status.NOT_PROBED);
    environment.put("AWS_ENDPOINT_URL_STS", ecr.endpoint().toString());
    System.setProperty("aws.endpointUrlSts", ecr.endpoint().toString());
    Finding identity = finding(examine(ecr.registry()), "identity", "");
    assertThat(identity.status()).as(identity.message()).isEqualTo(Status.OK);
    assertThat(identity.message()).contains("arn:aws:iam::123456789012:user/test");
  }

  @Test
  void missingCredentialsAreSaidOnce() {
    ecr.inject(
        Fault.respond(
            "GetAuthorizationToken",
            99,
            400,
            "{\"__type\":\"UnrecognizedClientException\",\"message\":\"no\"}",
            Map.of()));
    Diagnosis diagnosis = examine(ecr.registry());
    assertThat(finding(diagnosis, "credentials", ecr.registry()).status()).isEqualTo(Status.FAILED);
    assertThat(diagnosis.findings()).noneMatch(found -> found.check().equals("permission"));
  }

  @Test
  void aRepositoryWhoseTagsMayBeMovedIsAWarning() {
    ecr.createRepository("team/app", true);
    Finding repository = finding(examine(ecr.registry()), "repository", ecr.registry());
    assertThat(repository.status()).isEqualTo(Status.WARNING);
    assertThat(repository.message()).contains("put-image-tag-mutability");
  }

  @Test
  void whatTasksAskOfTheRepositoryIsExaminedToo() {
    ecr.createRepository("team/app", false);
    project.task(
        Project.with(
            new Manifest.Repository(
                false, false, "", List.of("arn:aws:iam::210987654321:root"), 30),
            Project.task("a.One", "team/app", "x")));
    Diagnosis diagnosis = examine(ecr.registry());
    assertThat(finding(diagnosis, "permission", "ecr:GetRepositoryPolicy").status())
        .isEqualTo(Status.OK);
    assertThat(finding(diagnosis, "permission", "ecr:SetRepositoryPolicy").status())
        .isEqualTo(Status.NOT_PROBED);
    assertThat(finding(diagnosis, "permission", "ecr:GetLifecyclePolicy").status())
        .isEqualTo(Status.OK);
    assertThat(finding(diagnosis, "permission", "ecr:PutLifecyclePolicy").status())
        .isEqualTo(Status.NOT_PROBED);
  }

  @Test
  void anotherRegistryIsExaminedWithoutPushing() {
    Diagnosis diagnosis = examine(registry.registry());
    String repository = registry.registry() + "/team/app";
    assertThat(finding(diagnosis, "permission", repository + " pull").status())
        .isEqualTo(Status.OK);
    assertThat(finding(diagnosis, "permission", repository + " push").status())
        .isEqualTo(Status.OK);
    assertThat(finding(diagnosis, "credentials", registry.registry()))
        .isEqualTo(
            new Diagnosis.Finding(
                "credentials", registry.registry(), Status.OK, "none, and none are needed"));
    assertThat(registry.journal().count("POST upload")).isZero();
    assertThat(registry.manifest("team/app", "imagespec-doctor")).isEmpty();

    registry.inject(
        Fault.respond(
            "PUT blob",
            9,
            403,
            "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"no\"}]}",
            Map.of()));
    assertThat(finding(examine(registry.registry()), "permission", repository + " push").status())
        .isEqualTo(Status.FAILED);
    try (RegistryServer closed = RegistryServer.basic("me", "other")) {
      Diagnosis refused = examine(closed.registry());
      assertThat(finding(refused, "credentials", closed.registry()).status())
          .isEqualTo(Status.WARNING);
      assertThat(finding(refused, "permission", closed.registry()).message())
          .contains("docker login " + closed.registry());
      assertThat(refused.isHealthy()).isFalse();
    }
  }

  @Test
  void aClockThatIsOffIsMeasured() {
    for (Duration off :
        List.of(Duration.ofMinutes(2), Duration.ofMinutes(-2), Duration.ofHours(1))) {
      clock = Clock.offset(Clock.systemUTC(), off);
      Finding found = finding(examine(registry.registry()), "clock", registry.registry());
      assertThat(found.status()).isEqualTo(off.toMinutes() == 60 ? Status.FAILED : Status.WARNING);
      assertThat(found.message())
          .containsPattern("clock is [0-9]+ s " + (off.isNegative() ? "behind" : "ahead"));
    }
  }

  @Test
  void aBaseThatIsGoneIsAFailure() throws IOException {
    Settings settings = settings(registry.registry()).build();
    ImageRegistrar.of(settings).lock();
    assertThat(finding(examine(settings), "base", Project.BASE).message())
        .contains("locked to " + TestImage.small().digest())
        .contains("in the mirror " + registry.registry());
    Files.writeString(
        dir.resolve("imagespec.lock"),
        Files.readString(dir.resolve("imagespec.lock"))
            .replace(TestImage.small().digest().toString(), "sha256:" + "1".repeat(64)));
    assertThat(finding(examine(settings), "base", Project.BASE).message())
        .contains("is gone")
        .contains("imagespec lock");
    Files.writeString(dir.resolve("imagespec.lock"), "no lock");
    assertThat(finding(examine(settings), "lock", "").status()).isEqualTo(Status.FAILED);
  }

  @Test
  void anEngineIsLookedForAndMissedOnlyByTasksWithSteps() {
    assertThat(finding(examine(registry.registry()), "engine", "fake").message())
        .isEqualTo("with fake builder");
    Settings none = settings(registry.registry()).engine("kaniko").build();
    assertThat(finding(examine(none), "engine", "none").status()).isEqualTo(Status.OK);
    project.task(
        Project.with(
            new Manifest.Environment(
                List.of("git"), List.of(), "", "", List.of(), List.of(), List.of()),
            Project.task("a.Steps", "team/app", "x")));
    Finding missing = finding(examine(none), "engine", "none");
    assertThat(missing.status()).isEqualTo(Status.FAILED);
    assertThat(missing.message())
        .contains(
            "the steps of a.Steps need one: there is no engine kaniko; there are fake, absent, buildx");
  }

  @Test
  void aRegistryIsEnoughAndNothingIsAnError() {
    Settings given =
        Settings.builder().projectDir(dir).registry(registry.registry()).name("x/y").build();
    assertThat(finding(examine(given), "permission", registry.registry() + "/x/y push").status())
        .isEqualTo(Status.OK);
    assertThatThrownBy(() -> examine(Settings.builder().projectDir(dir).build()))
        .hasMessageContaining("--classpath")
        .hasMessageContaining("--registry");
  }
}
