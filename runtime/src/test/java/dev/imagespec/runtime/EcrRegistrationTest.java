package dev.imagespec.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.json.Json;
import dev.imagespec.model.Manifest;
import dev.imagespec.runtime.registry.FastClient;
import dev.imagespec.testkit.EcrServer;
import dev.imagespec.testkit.Fault;
import dev.imagespec.testkit.Journal.Plane;
import dev.imagespec.testkit.RegistryServer;
import dev.imagespec.testkit.TestImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** What a registration does about repositories of Amazon ECR, by the requests it sends. */
class EcrRegistrationTest {
  private static final String ROLE = "arn:aws:iam::210987654321:role/nodes";
  private static final String KEY = "arn:aws:kms:us-east-1:123456789012:key/1";
  private static final Manifest.Repository ALL =
      new Manifest.Repository(false, true, KEY, List.of("210987654321", ROLE), 30);

  @TempDir Path dir;
  @RegisterExtension final LocalRegistries registries = new LocalRegistries();
  private final EcrServer ecr = registries.ecr;
  private final RegistryServer bases = registries.other;
  private final List<RegistrationEvent> events = new ArrayList<>();
  private Project project = new Project(Path.of(""));

  @BeforeEach
  void start() {
    project = new Project(dir);
    System.setProperty("aws.endpointUrlSts", ecr.endpoint().toString());
    bases.push("base", "1", TestImage.builder().layer("etc/a", "a").build());
  }

  private SettingsBuilder settings() {
    return registries.settings(project);
  }

  private Registration register() {
    return register(settings().build());
  }

  private Registration register(Settings settings) {
    return register(ImageRegistrar.of(settings));
  }

  private Registration register(ImageRegistrar registrar) {
    events.clear();
    ecr.journal().clear();
    return registrar.withTaskRegistrars(List.of()).withListener(events::add).register();
  }

  /** Requests to the API by operation. */
  private Map<String, Long> api() {
    return ecr.journal().entries().stream()
        .filter(entry -> entry.plane() == Plane.CONTROL)
        .collect(
            Collectors.groupingBy(entry -> entry.operation(), TreeMap::new, Collectors.counting()));
  }

  private List<String> changes() {
    return events(RegistrationEvent.RepositoryChanged.class)
        .map(RegistrationEvent.RepositoryChanged::change)
        .toList();
  }

  private List<String> warnings() {
    return events(RegistrationEvent.Warning.class).map(RegistrationEvent.Warning::message).toList();
  }

  private <E extends RegistrationEvent> Stream<E> events(Class<E> type) {
    return events.stream().filter(type::isInstance).map(type::cast);
  }

  private static Failure onlyFailure(Registration registration) {
    assertThat(registration.failures()).hasSize(1);
    return registration.failures().get(0);
  }

  @Test
  void aNewRepositoryGetsAllThatItsSpecAsksForInThreeCalls() {
    project.task(Project.with(ALL, Project.task("a.One", "team/deep/app", "x")));
    assertThat(register().failures()).isEmpty();
    assertThat(api())
        .isEqualTo(
            Map.of(
                "GetAuthorizationToken", 1L,
                "BatchGetImage", 1L,
                "CreateRepository", 1L,
                "SetRepositoryPolicy", 1L,
                "PutLifecyclePolicy", 1L));
    String name = "team/deep/app";
    assertThat(ecr.mutability(name)).isEqualTo("IMMUTABLE");
    assertThat(ecr.setting(name, "imageScanningConfiguration"))
        .hasValue(Map.of("scanOnPush", true));
    assertThat(ecr.setting(name, "encryptionConfiguration"))
        .hasValue(Map.of("encryptionType", "KMS", "kmsKey", KEY));
    assertThat(ecr.setting(name, "tags"))
        .hasValue(List.of(Map.of("Key", "managed-by", "Value", "imagespec")));
    assertThat(ecr.setting(name, "policyText").toString())
        .contains("ImageSpecPull", "arn:aws:iam::210987654321:root", ROLE);
    assertThat(ecr.setting(name, "lifecyclePolicyText").toString())
        .contains("\"is1-\"", "\"env1-\"", "\"countNumber\":30");
  }

  @Test
  void whatIsAsItWasAskedForIsReadAndNotWritten() {
    project.task(Project.with(ALL, Project.task("a.One", "team/app", "x")));
    register();
    Registration again = register();
    assertThat(again.failures()).isEmpty();
    assertThat(api())
        .isEqualTo(
            Map.of(
                "BatchGetImage", 1L,
                "DescribeRepositories", 1L,
                "GetRepositoryPolicy", 1L,
                "GetLifecyclePolicy", 1L));
    assertThat(ecr.journal().entries()).hasSize(4);
    assertThat(warnings()).isEmpty();
    assertThat(changes()).isEmpty();
  }

  @Test
  void policiesReachARepositoryWhoseImagesAreThereAlready() {
    project.task(Project.task("a.One", "team/app", "x"));
    register();
    assertThat(ecr.setting("team/app", "policyText")).isEmpty();
    Settings settings = settings().pullPrincipals(List.of(ROLE)).build();
    Registration registration = register(settings);
    assertThat(registration.images().get(0).action()).isEqualTo(Registration.Action.REUSED);
    assertThat(ecr.setting("team/app", "policyText").toString()).contains(ROLE);
    assertThat(changes()).containsExactly("may be pulled from by " + ROLE);
  }

  @Test
  void theRestOfAPolicyStays() {
    ecr.createRepository("team/app", false);
    ecr.policy(
        "team/app",
        "{\"Version\":\"2008-10-17\",\"Statement\":{\"Sid\":\"mine\",\"Effect\":\"Allow\","
            + "\"Principal\":\"*\",\"Action\":\"ecr:ListImages\",\"Condition\":{\"Bool\":{\"a\":true}}}}");
    ecr.lifecycle(
        "team/app",
        "{\"rules\":[{\"rulePriority\":1,\"selection\":{\"tagStatus\":\"untagged\","
            + "\"countType\":\"imageCountMoreThan\",\"countNumber\":3},\"action\":{\"type\":\"expire\"}}]}");
    project.task(Project.with(ALL, Project.task("a.One", "team/app", "x")));
    assertThat(register().failures()).isEmpty();
    assertThat(ecr.setting("team/app", "policyText").toString())
        .contains("\"mine\"", "\"a\":true", "ImageSpecPull");
    assertThat(ecr.setting("team/app", "lifecyclePolicyText").toString())
        .contains("\"untagged\"", "\"rulePriority\":2", "\"rulePriority\":3");
  }

  @Test
  void twoExistingRepositoriesAreComparedInOneCallAndDriftIsAWarning() {
    ecr.createRepository("team/one", true);
    ecr.createRepository("team/two", false);
    project
        .task(Project.task("a.One", "team/one", "x"))
        .task(Project.task("a.Two", "team/two", "x"));
    assertThat(register().failures()).isEmpty();
    assertThat(api())
        .containsEntry("DescribeRepositories", 1L)
        .doesNotContainKeys("CreateRepository", "GetRepositoryPolicy");
    assertThat(warnings())
        .singleElement()
        .asString()
        .contains("its tags are MUTABLE, asked for are IMMUTABLE")
        .contains("aws ecr put-image-tag-mutability");
  }

  @Test
  void aRuleByWhichARegisteredImageCanVanishIsAWarning() {
    ecr.createRepository("team/app", false);
    ecr.lifecycle(
        "team/app",
        "{\"rules\":[{\"rulePriority\":7,\"description\":\"keep ten\",\"selection\":{"
            + "\"tagStatus\":\"any\",\"countType\":\"imageCountMoreThan\",\"countNumber\":10},"
            + "\"action\":{\"type\":\"expire\"}}]}");
    project.task(Project.task("a.One", "team/app", "x"));
    assertThat(register().failures()).isEmpty();
    assertThat(warnings()).singleElement().asString().contains("rule 7 (\"keep ten\")");
    assertThat(api()).doesNotContainKey("PutLifecyclePolicy");
  }

  @Test
  void whoMayOnlyPushCanPush() {
    ecr.createRepository("team/app", false);
    ecr.deny("ecr:DescribeRepositories");
    ecr.deny("ecr:GetLifecyclePolicy");
    ecr.deny("ecr:GetRepositoryPolicy");
    project.task(Project.task("a.One", "team/app", "x"));
    assertThat(register().failures()).isEmpty();
    assertThat(warnings()).hasSize(2).allSatisfy(warning -> assertThat(warning).contains("not "));
  }

  @Test
  void anImageWhosePolicyCannotBeSetIsNotRegistered() {
    ecr.deny("ecr:SetRepositoryPolicy");
    project.task(Project.with(ALL, Project.task("a.One", "team/app", "x")));
    Registration registration = register();
    assertThat(registration.tasks()).isEmpty();
    Failure failure = onlyFailure(registration);
    assertThat(failure.code()).isEqualTo(FailureCode.DENIED);
    assertThat(failure.message())
        .contains("[\"ecr:GetRepositoryPolicy\",\"ecr:SetRepositoryPolicy\"]");
    assertThat(ecr.journal().count("PUT manifest")).isZero();
    assertThat(onlyFailure(register()).code())
        .as("nor the next time")
        .isEqualTo(FailureCode.DENIED);
  }

  @Test
  void aPolicyThatWasChangedByHandIsLeftAlone() {
    ecr.createRepository("team/app", false);
    String policy =
        "{\"Statement\":[{\"Sid\":\"ImageSpecPull\",\"Effect\":\"Allow\",\"Principal\":\"*\","
            + "\"Action\":\"ecr:BatchGetImage\",\"Condition\":{}}]}";
    ecr.policy("team/app", policy);
    project.task(Project.with(ALL, Project.task("a.One", "team/app", "x")));
    assertThat(onlyFailure(register()).code()).isEqualTo(FailureCode.POLICY_CONFLICT);
    assertThat(ecr.setting("team/app", "policyText")).hasValue(policy);
  }

  @Test
  void neverCreatingSaysTheCommandThatDoes() {
    project.task(Project.with(ALL, Project.task("a.One", "team/app", "x")));
    Settings settings =
        settings()
            .createRepository(RepositoryCreation.NEVER)
            .ecrMutableTagFilters(List.of("latest"))
            .build();
    Failure failure = onlyFailure(register(settings));
    assertThat(failure.code()).isEqualTo(FailureCode.REPOSITORY_NOT_FOUND);
    assertThat(failure.message())
        .contains(
            "aws ecr create-repository --repository-name team/app --image-tag-mutability"
                + " IMMUTABLE_WITH_EXCLUSION --image-tag-mutability-exclusion-filters"
                + " filterType=WILDCARD,filter=latest --image-scanning-configuration scanOnPush=true"
                + " --encryption-configuration encryptionType=KMS,kmsKey="
                + KEY);
    assertThat(ecr.repositories()).isEmpty();
  }

  @Test
  void aTemplateMakesTheRepositoryAndPoliciesFollow() {
    ecr.createOnPush("team/");
    project.task(
        Project.with(
            new Manifest.Repository(false, false, "", List.of(ROLE), 0),
            Project.task("a.One", "team/app", "x")));
    Settings settings = settings().createRepository(RepositoryCreation.TEMPLATE).build();
    assertThat(register(settings).failures()).isEmpty();
    assertThat(api()).doesNotContainKey("CreateRepository").containsKey("SetRepositoryPolicy");
    assertThat(ecr.journal().count("HEAD blob")).as("nothing can be there").isZero();
    assertThat(ecr.setting("team/app", "policyText").toString()).contains(ROLE);
  }

  @Test
  void aMissingTemplateIsSaid() {
    project.task(Project.task("a.One", "team/app", "x"));
    Settings settings = settings().createRepository(RepositoryCreation.TEMPLATE).build();
    Failure failure = onlyFailure(register(fast(settings)));
    assertThat(failure.code()).isEqualTo(FailureCode.REPOSITORY_NOT_FOUND);
    assertThat(failure.message())
        .contains("CREATE_ON_PUSH")
        .contains("aws ecr create-repository-creation-template");
  }

  @Test
  void tagsOfOthersMayStayMovable() {
    project.task(Project.task("a.One", "team/app", "x"));
    register(settings().ecrMutableTagFilters(List.of("latest", "dev-*")).build());
    assertThat(ecr.mutability("team/app")).isEqualTo("IMMUTABLE_WITH_EXCLUSION");
  }

  @Test
  void anArchivedImageFailsItsTasksAloneAndSaysHowToRestoreIt() {
    project
        .task(Project.task("a.One", "team/app", "1"))
        .task(Project.task("a.Two", "team/app", "2"));
    String tag = register().images().get(0).tag();
    ecr.archive("team/app", tag);
    Registration registration = register();
    assertThat(registration.tasks()).hasSize(1);
    Failure failure = onlyFailure(registration);
    assertThat(failure.code()).isEqualTo(FailureCode.IMAGE_ARCHIVED);
    assertThat(failure.message()).contains("update-image-storage-class").contains(tag);
    assertThat(ecr.journal().count("PUT manifest")).isZero();
  }

  @Test
  void anArchivedImageThatTheApiCallsMissingIsFoundOutWhenItsTagIsTaken() {
    project.task(Project.task("a.One", "team/app", "1"));
    String tag = register().images().get(0).tag();
    ecr.archive("team/app", tag);
    ecr.archivedLooksMissing(true);
    assertThat(onlyFailure(register()).code()).isEqualTo(FailureCode.IMAGE_ARCHIVED);
  }

  @Test
  void aRoleIsAskedAs() {
    ecr.trust("arn:aws:iam::210987654321:role/push", "x1");
    project.task(Project.task("a.One", "team/app", "x"));
    Settings settings =
        settings().ecrAssumeRole("arn:aws:iam::210987654321:role/push").ecrExternalId("x1").build();
    assertThat(register(settings).failures()).isEmpty();
    assertThat(ecr.accessKeys()).containsExactly("ASIAROLE");
  }

  @Test
  void whatARegistryCannotDoIsSaidBeforeTheFirstRequest() {
    project.task(Project.with(ALL, Project.task("a.One", "team/app", "x")));
    refused("public.ecr.aws/acme", "Amazon ECR Public has no scan on push");
    refused(bases.registry(), "is not Amazon ECR");
    project.task(Project.task("a.One", "team/app", "x"));
    refused("public.ecr.aws", "wants the registry's alias");
    assertThatThrownBy(
            () ->
                register(
                    settings()
                        .registry("public.ecr.aws/acme")
                        .createRepository(RepositoryCreation.TEMPLATE)
                        .build()))
        .hasMessageContaining("no repository creation templates");
    assertThat(ecr.journal().entries()).isEmpty();
    assertThat(bases.journal().entries()).isEmpty();
  }

  private void refused(String registry, String message) {
    assertThatThrownBy(() -> register(settings().registry(registry).build()))
        .isInstanceOf(ImageSpecException.class)
        .hasMessageContaining(message);
  }

  /** A registrar that waits in a time of its own. */
  private ImageRegistrar fast(Settings settings) {
    FastClient time = new FastClient();
    return ImageRegistrar.of(settings).withSessions(registries.sessions(time));
  }

  @Test
  void hundredsOfImagesStayWithinTheQuotasOfEcr() {
    for (int i = 0; i < 300; i++) {
      project.task(Project.task("a.Task" + i, "team/app", "v" + i));
    }
    // One at a time, so that the time is exact.
    Settings settings = settings().parallelism(1).build();
    FastClient time = new FastClient();
    ecr.inject(Fault.limit("PUT manifest", 10, time::nanoTime));
    ecr.inject(Fault.limit("POST upload", 100, time::nanoTime));
    ecr.inject(Fault.limit("PUT blob", 100, time::nanoTime));
    Registration registration =
        register(ImageRegistrar.of(settings).withSessions(registries.sessions(time)));
    assertThat(registration.failures()).isEmpty();
    assertThat(registration.images()).hasSize(300);
    assertThat(ecr.journal().count("PUT manifest")).as("none was refused").isEqualTo(300);
    assertThat(ecr.journal().count(entry -> entry.status() == 429)).isZero();
  }

  @Test
  void hundredsOfImagesSurviveThatOthersUseUpTheQuotas() {
    for (int i = 0; i < 200; i++) {
      project.task(Project.task("a.Task" + i, "team/app" + i % 20, "v" + i));
    }
    Settings settings = settings().build();
    ecr.inject(Fault.throttle("PUT manifest", 9));
    ecr.inject(Fault.throttle("POST upload", 4));
    ecr.inject(Fault.throttle("PUT blob", 4));
    ecr.inject(Fault.throttle("BatchGetImage", 7));
    ecr.inject(Fault.throttle("CreateRepository", 7));
    Registration registration = register(fast(settings));
    assertThat(registration.failures()).isEmpty();
    assertThat(registration.images()).hasSize(200);
    assertThat(ecr.journal().count("PUT manifest")).isEqualTo(209);
    assertThat(ecr.journal().count("CreateRepository")).isEqualTo(27);
  }

  @Test
  void noSecretStandsInWhatARegistrationSaysOfItself() {
    project.task(Project.task("a.One", "team/app", "x")).task(Project.task("a.Two", "other", "y"));
    ecr.trust(ROLE, "");
    ecr.deny("ecr:PutImage");
    ecr.inject(Fault.respond("GET redirected", 9, 500, "", Map.of()));
    Settings settings = settings().ecrAssumeRole(ROLE).build();
    Registration registration = register(fast(settings));
    assertThat(registration.failures()).isNotEmpty();
    String said = registration.toString() + events + Json.canonical(registration.tasks());
    assertThat(ecr.secrets()).isNotEmpty();
    for (String secret : ecr.secrets()) {
      assertThat(said).doesNotContain(secret);
    }
  }
}
