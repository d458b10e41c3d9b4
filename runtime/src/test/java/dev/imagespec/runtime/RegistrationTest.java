package dev.imagespec.runtime;

import static dev.imagespec.runtime.LocalRegistries.digest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.imagespec.RegistrationRecord;
import dev.imagespec.json.Json;
import dev.imagespec.model.Digest;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.runtime.registry.FastClient;
import dev.imagespec.testkit.EcrServer;
import dev.imagespec.testkit.Fault;
import dev.imagespec.testkit.Journal;
import dev.imagespec.testkit.Journal.Plane;
import dev.imagespec.testkit.RegistryServer;
import dev.imagespec.testkit.TestImage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole registration, against an Amazon ECR and a base's registry in this process. */
class RegistrationTest {
  private static final TestImage BASE =
      TestImage.builder()
          .layer("etc/a", "a")
          .layer("etc/b", "b")
          .platforms("linux/amd64", "linux/arm64")
          .config(
              Map.of(
                  "Env",
                  List.of("PATH=/bin", "BASE=1"),
                  "Cmd",
                  List.of("sh"),
                  "User",
                  "7",
                  "X-Unknown",
                  "kept"))
          .build();

  @TempDir Path dir;
  @RegisterExtension final LocalRegistries registries = new LocalRegistries();
  private final EcrServer ecr = registries.ecr;
  private final RegistryServer bases = registries.other;
  private Project project = new Project(Path.of(""));

  @BeforeEach
  void start() {
    project = new Project(dir);
    bases.push("base", "1", BASE);
  }

  private SettingsBuilder settings() {
    return registries.settings(project);
  }

  private Registration register() {
    return register(settings().build());
  }

  private static Registration register(Settings settings) {
    return ImageRegistrar.of(settings).withTaskRegistrars(List.of()).register();
  }

  /** Registers in a time of its own: of an emulator, too, more images wait for ECR's quota. */
  private Registration registerMany(Settings settings) {
    return ImageRegistrar.of(settings)
        .withTaskRegistrars(List.of())
        .withSessions(registries.sessions(new FastClient()))
        .register();
  }

  @Test
  void tasksWithOneSpecShareOneImage() {
    project
        .task(Project.task("a.One", "team/app", "x"))
        .task(Project.task("a.Two", "team/app", "x"));
    Registration registration = register();
    assertThat(registration.failures()).isEmpty();
    assertThat(registration.images()).hasSize(1);
    assertThat(registration.images().get(0).tasks()).containsExactly("a.One", "a.Two");
    assertThat(ecr.tags("team/app")).hasSize(1);
  }

  @Test
  void anImageOnAnotherTasksImageIsBuiltAfterItAndSendsNoLayerOfIt() {
    project
        .task(Project.task("a.Base", "team/app", "base"))
        .task(Project.basedOn("a.Base", Project.task("a.Top", "team/app", "top")))
        .task(Project.basedOn("a.Top", Project.task("a.Tip", "team/tip", "tip")));
    Registration registration = register();
    assertThat(registration.failures()).isEmpty();
    assertThat(registration.images()).hasSize(3);
    assertThat(ecr.journal().count("PUT blob"))
        .as("two layers once, three configurations")
        .isEqualTo(5);
    assertThat(bases.journal().count("GET blob")).as("two layers, one configuration").isEqualTo(3);
    assertThat(registration.images().stream().map(Registration.Image::tag).distinct()).hasSize(3);

    ecr.journal().clear();
    bases.journal().clear();
    Registration again = register();
    assertThat(again.tasks()).isEqualTo(registration.tasks());
    assertThat(again.requests()).as("a question for each repository").isEqualTo(2);
  }

  @Test
  void aPlanHasBasesBeforeWhatIsBasedOnThemAndNamesTheLink() {
    project
        .task(Project.task("a.Other", "team/app", "other"))
        .task(Project.basedOn("z.Base", Project.task("a.Top", "team/app", "top")))
        .task(Project.basedOn("a.Top", Project.task("a.Tip", "team/app", "tip")))
        .task(Project.task("z.Base", "team/app", "base"));
    Plan plan = ImageRegistrar.of(settings().build()).plan();
    assertThat(plan.images().stream().map(image -> image.tasks().get(0)))
        .containsExactly("a.Other", "z.Base", "a.Top", "a.Tip");
    assertThat(plan.images().get(3).reasons()).contains("based on the image of a.Top");
  }

  @Test
  void aChangedBaseChangesWhatIsBasedOnIt() {
    project
        .task(Project.task("a.Base", "team/app", "one"))
        .task(Project.basedOn("a.Base", Project.task("a.Top", "team/app", "top")));
    String before = register().tasks().get("a.Top");
    project.task(Project.task("a.Base", "team/app", "two"));
    assertThat(register().tasks().get("a.Top")).isNotEqualTo(before);
  }

  @Test
  void choosingATaskChoosesItsBaseToo() {
    project
        .task(Project.task("a.Base", "team/app", "base"))
        .task(Project.task("a.Other", "team/app", "other"))
        .task(Project.basedOn("a.Base", Project.task("a.Top", "team/app", "top")));
    Registration registration = register(settings().classes(List.of("a.Top")).build());
    assertThat(registration.tasks()).containsOnlyKeys("a.Base", "a.Top");
  }

  @Test
  void aCircleOfBasesAndAMissingBaseAreRefusedBeforeTheFirstRequest() {
    project.task(Project.basedOn("a.Two", Project.task("a.One", "team/app", "1")));
    assertThatThrownBy(this::register).hasMessageContaining("not on the class path");
    project.task(Project.basedOn("a.One", Project.task("a.Two", "team/app", "2")));
    assertThatThrownBy(this::register).hasMessageContaining("a.One → a.Two → a.One");
    assertThat(ecr.journal().entries()).isEmpty();
  }

  @Test
  void aBaseThatIsNotForThePlatformFailsWithWhatIsBasedOnIt() {
    project
        .task(Project.task("a.Base", "team/app", "base"))
        .task(
            Project.basedOn(
                "a.Base",
                Project.task(
                    "a.Top", "team/app", Project.BASE, Project.payload(Map.of()), "linux/arm64")));
    Registration registration = register();
    assertThat(registration.tasks()).containsOnlyKeys("a.Base");
    assertThat(registration.failures())
        .singleElement()
        .satisfies(
            failure -> {
              assertThat(failure.tasks()).containsExactly("a.Top");
              assertThat(failure.message()).contains("not built for linux/arm64");
            });
  }

  @Test
  void whatIsBasedOnAFailedImageFailsAndSaysSo() {
    project
        .task(Project.task("a.Base", "denied", "base"))
        .task(Project.basedOn("a.Base", Project.task("a.Top", "team/app", "top")));
    ecr.deny("ecr:CreateRepository");
    Registration registration = register();
    assertThat(registration.tasks()).isEmpty();
    assertThat(registration.failures()).hasSize(2);
    assertThat(registration.failures().toString()).contains("the image of a.Base");
  }

  @Test
  void coldRegistrationSendsEachBlobAndManifestOnce() {
    for (int i = 0; i < 12; i++) {
      project.task(Project.task("a.Task" + i, "team/app", "v" + i % 6));
    }
    Registration registration = register();
    assertThat(registration.failures()).isEmpty();
    assertThat(registration.images()).hasSize(6);
    // Two base layers and six configurations.
    assertThat(ecr.journal().count("PUT blob")).isEqualTo(8);
    assertThat(ecr.journal().count("POST upload")).isEqualTo(8);
    assertThat(ecr.journal().count("PUT manifest")).isEqualTo(6);
    assertThat(ecr.journal().count("HEAD blob")).as("the repository is new").isZero();
    assertThat(ecr.journal().count("GetAuthorizationToken")).isEqualTo(1);
    assertThat(ecr.journal().count("BatchGetImage")).isEqualTo(1);
    assertThat(ecr.journal().count("CreateRepository")).isEqualTo(1);
    assertThat(bases.journal().count("GET blob")).as("two layers, one configuration").isEqualTo(3);
    assertThat(registration.requests())
        .isEqualTo(ecr.journal().entries().size() + bases.journal().entries().size());
  }

  @Test
  void connectionsAreReused() {
    for (int i = 0; i < 20; i++) {
      project.task(Project.task("a.Task" + i, "team/app", "v" + i));
    }
    registerMany(settings().parallelism(2).build());
    assertThat(ecr.journal().count(entry -> entry.plane() == Plane.DATA)).isGreaterThan(60);
    assertThat(ecr.journal().connections(Plane.DATA)).isLessThanOrEqualTo(6);
  }

  @Test
  void nothingToDoIsOneRequestForAHundredImages() {
    for (int i = 0; i < 120; i++) {
      project.task(Project.task("a.Task" + i, "team/app", "v" + i));
    }
    registerMany(settings().build());
    ecr.journal().clear();
    bases.journal().clear();
    Registration second = register();
    assertThat(second.images()).hasSize(120);
    assertThat(second.images())
        .allSatisfy(image -> assertThat(image.action()).isEqualTo(Registration.Action.REUSED));
    assertThat(ecr.journal().entries())
        .hasSize(2)
        .allSatisfy(entry -> assertThat(entry.operation()).isEqualTo("BatchGetImage"));
    assertThat(bases.journal().entries()).as("the lock has the digest").isEmpty();
    assertThat(second.requests()).isEqualTo(2);
  }

  @Test
  void inAnExistingRepositoryAllUnknownBlobsAreAskedForAtOnce() {
    project.task(Project.task("a.One", "team/app", "1"));
    register();
    ecr.journal().clear();
    project
        .task(Project.task("a.Two", "team/app", "2"))
        .task(Project.task("a.Three", "team/app", "3"));
    Registration registration = register();
    // The existing manifest shows that the base's layers are there.
    assertThat(ecr.journal().count("HEAD blob")).isZero();
    assertThat(asked()).as("two configurations").isEqualTo(2);
    assertThat(ecr.journal().count("PUT blob")).isEqualTo(2);
    assertThat(ecr.journal().count("PUT manifest")).isEqualTo(2);
    assertThat(registration.failures()).isEmpty();
  }

  /** How many blobs the one question was for. */
  private long asked() {
    List<Journal.Entry> questions =
        ecr.journal().entries().stream()
            .filter(entry -> entry.operation().equals("BatchCheckLayerAvailability"))
            .toList();
    assertThat(questions).hasSize(1);
    return questions.get(0).body().split("sha256:", -1).length - 1L;
  }

  @Test
  void oneSpecUnderTwoNamesIsSentOnceAndMounted() {
    project
        .task(
            Project.task(
                "a.One", "team/one", Project.BASE, Project.program("a.Main"), "linux/amd64"))
        .task(
            Project.task(
                "a.Two", "team/two", Project.BASE, Project.program("a.Main"), "linux/amd64"));
    Registration registration = register();
    assertThat(registration.failures()).isEmpty();
    assertThat(registration.images()).hasSize(2);
    assertThat(digest(registration, "a.One")).isEqualTo(digest(registration, "a.Two"));
    long blobs = ecr.journal().count("PUT blob");
    assertThat(ecr.journal().count("MOUNT")).isEqualTo(blobs);
    assertThat(ecr.journal().entries().stream().filter(e -> e.operation().equals("MOUNT")))
        .allSatisfy(entry -> assertThat(entry.status()).isEqualTo(201));
  }

  @Test
  void aRefusedMountContinuesAsAnUpload() {
    ecr.mounting(false);
    project
        .task(Project.task("a.One", "team/one", "x"))
        .task(Project.task("a.Two", "team/two", "x"));
    Registration registration = register();
    assertThat(registration.failures()).isEmpty();
    assertThat(ecr.journal().count("MOUNT")).isEqualTo(3);
    assertThat(ecr.journal().count("PUT blob")).isEqualTo(6);
    assertThat(ecr.journal().count("POST upload")).as("no second start").isEqualTo(3);
  }

  @Test
  void theImageIsTheBaseWithThePayloadOnTop() throws IOException {
    project
        .write("conf/app.conf", "x=1\n")
        .write("classes/app.properties", "p")
        .task(
            Project.task(
                "a.Main",
                "team/app",
                Project.BASE,
                Project.program("a.Main", new Manifest.Copy("conf", "/etc/app", "0640")),
                "linux/amd64"));
    Registration registration = register();
    assertThat(registration.failures()).isEmpty();
    JsonNode manifest = registries.manifest("team/app", registration.images().get(0).tag());
    assertThat(manifest.path("mediaType").asText())
        .isEqualTo("application/vnd.oci.image.manifest.v1+json");
    assertThat(manifest.path("layers"))
        .as("2 base, argument file, resource, class, file")
        .hasSize(6);
    JsonNode image = registries.config("team/app", manifest);
    Map<?, ?> config = (Map<?, ?>) Json.parse(image.path("config").toString());
    assertThat(config)
        .extracting("Entrypoint", "Cmd", "User", "WorkingDir", "X-Unknown")
        .containsExactly(
            List.of("java", "-Xmx64m", "-cp", "@/app/classpath", "a.Main"),
            List.of("a"),
            "1000",
            "/work",
            "kept");
    assertThat(config.get("Env")).isEqualTo(List.of("PATH=/x", "BASE=1"));
    assertThat(config.get("ExposedPorts"))
        .isEqualTo(Map.of("53/udp", Map.of(), "9000/tcp", Map.of(), "9001/tcp", Map.of()));
    assertThat(config.get("Volumes")).isEqualTo(Map.of("/data", Map.of()));
    JsonNode labels = image.path("config").path("Labels");
    assertThat(labels.path("k").asText()).isEqualTo("v");
    assertThat(labels.path("org.opencontainers.image.base.name").asText())
        .isEqualTo("registry.example/base:1");
    assertThat(labels.path("dev.imagespec.fingerprint").asText())
        .isEqualTo(registration.images().get(0).fingerprint());
    assertThat(image.path("rootfs").path("diff_ids")).hasSize(6);
    assertThat(image.path("history")).hasSize(6);
    assertThat(image.path("architecture").asText()).isEqualTo("amd64");
  }

  @Test
  void severalPlatformsGiveAnIndex() {
    project.task(
        Project.task(
            "a.Main",
            "team/app",
            Project.BASE,
            Project.program("a.Main"),
            "linux/amd64",
            "linux/arm64"));
    Registration registration = register();
    assertThat(registration.failures()).isEmpty();
    assertThat(registration.images().get(0).platforms())
        .containsExactly("linux/amd64", "linux/arm64");
    assertThat(ecr.journal().count("PUT manifest")).as("two and the index").isEqualTo(3);
    assertThat(ecr.manifest("team/app", registration.images().get(0).tag()).orElseThrow())
        .contains("application/vnd.oci.image.index.v1+json");
  }

  @Test
  void changingOneClassSendsItsLayerAndTheConfigurationAlone() {
    Manifest task =
        Project.task("a.Main", "team/app", Project.BASE, Project.program("a.Main"), "linux/amd64");
    project.write("classes/r.txt", "r").task(task);
    register();
    ecr.journal().clear();
    project.write("classes/a/Main.class", "changed");
    Registration registration = register();
    assertThat(registration.failures()).isEmpty();
    assertThat(ecr.journal().count("PUT blob")).isEqualTo(2);
  }

  @Test
  void dockerSchema2BecomesOci() {
    bases.push("old", "1", TestImage.builder().layer("a", "a").docker().build());
    project.task(
        Project.task(
            "a.Main",
            "team/app",
            "registry.example/old:1",
            Project.payload(Map.of()),
            "linux/amd64"));
    Registration registration = register();
    assertThat(registration.failures()).isEmpty();
    String manifest = ecr.manifest("team/app", registration.images().get(0).tag()).orElseThrow();
    assertThat(manifest)
        .contains("application/vnd.oci.image.layer.v1.tar+gzip")
        .doesNotContain("docker");
  }

  @Test
  void aBaseWithForeignLayersIsRefused() {
    bases.push(
        "windows",
        "1",
        TestImage.builder()
            .describedLayer(
                Map.of(
                    "mediaType",
                    "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip",
                    "digest",
                    Digest.of(new byte[0]).toString(),
                    "size",
                    0,
                    "urls",
                    List.of("https://elsewhere.example/layer")))
            .build());
    project.task(
        Project.task(
            "a.Main",
            "team/app",
            "registry.example/windows:1",
            Project.payload(Map.of()),
            "linux/amd64"));
    assertThat(register().failures())
        .singleElement()
        .satisfies(
            failure -> {
              assertThat(failure.code()).isEqualTo(FailureCode.BASE_UNUSABLE);
              assertThat(failure.message()).contains("foreign layer");
            });
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{'os':'linux','architecture':'amd64'} | has 1 layers but 0 diff IDs",
        "{'os':'linux','architecture':'amd64','rootfs':{}} | has 1 layers but 0 diff IDs",
        "{'os':'linux','architecture':'amd64','rootfs':null} | has 1 layers but 0 diff IDs",
        "{'os':'linux','architecture':'amd64','rootfs':[]} | rootfs is no object",
        "{'os':'linux','architecture':'amd64','rootfs':{'diff_ids':{}}} | rootfs.diff_ids is no list",
        "{'os':'linux','architecture':'amd64','config':'x'} | config is no object",
        "{'os':'linux','architecture':'amd64','history':7} | history is no list",
        "{'os':'linux','architecture':'amd64','config':{'Env':7}} | config.Env is no list",
        "{'os':'linux'} | architecture is missing",
        "[] | it is no JSON object",
        "x | it is no JSON"
      })
  void anOddBaseFailsItsOwnTasksAlone(String configuration, String reason) {
    bases.push(
        "odd",
        "1",
        TestImage.builder()
            .layer("a", "a")
            .configuration(configuration.replace('\'', '"'))
            .build());
    assertOddBaseFailsAlone("registry.example/odd:1", reason);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "application/vnd.cncf.helm.config.v1+json",
        "application/vnd.oci.empty.v1+json",
        "application/x-\u001b[2J"
      })
  void anArtefactIsNoBaseAndFailsItsOwnTasksAlone(String type) {
    bases.push(
        "chart",
        "1",
        TestImage.builder().layer("a", "a").artifact("application/vnd.x", type).build());
    assertOddBaseFailsAlone("registry.example/chart:1", "it is no container image");
  }

  /** What the lock names was an image once. */
  @Test
  void anArtefactThatIsLockedIsNoBaseEither() throws IOException {
    TestImage artefact =
        TestImage.builder().layer("a", "a").artifact("x", "application/vnd.x+json").build();
    bases.push("chart", "1", artefact);
    String lock =
        "{\"schema\":1,\"bases\":{\"registry.example/chart:1\":{\"digest\":\"$\",\"platforms\":{\"linux/amd64\":\"$\"}}}}";
    Files.writeString(
        dir.resolve("imagespec.lock"), lock.replace("$", artefact.digest().toString()));
    assertOddBaseFailsAlone("registry.example/chart:1", "it is no container image");
  }

  @Test
  void anOddPlatformBesideOursInABasesIndexIsPassedOver() {
    bases.push(
        "odd",
        "1",
        TestImage.builder()
            .layer("a", "a")
            .platforms("Linux/AMD 64", "linux/amd64", "wasi/\u001b")
            .build());
    project.task(
        Project.task(
            "a.One",
            "team/app",
            "registry.example/odd:1",
            Project.payload(Map.of()),
            "linux/amd64"));
    assertThat(register().failures()).isEmpty();
  }

  private void assertOddBaseFailsAlone(String base, String reason) {
    project
        .task(Project.task("a.Odd", "team/app", base, Project.payload(Map.of()), "linux/amd64"))
        .task(Project.task("a.Sound", "team/app", "x"));
    Registration registration = register();
    assertThat(registration.tasks()).containsOnlyKeys("a.Sound");
    assertThat(registration.failures())
        .singleElement()
        .satisfies(
            failure -> {
              assertThat(failure.tasks()).containsExactly("a.Odd");
              assertThat(failure.code()).isEqualTo(FailureCode.BASE_UNUSABLE);
              assertThat(failure.message())
                  .contains(base)
                  .contains(reason)
                  .doesNotContain("\u001b");
            });
  }

  @Test
  void aBaseWithoutLayersConfigOrHistoryIsOne() {
    bases.push(
        "empty",
        "1",
        TestImage.builder()
            .configuration(
                "{\"os\":\"linux\",\"architecture\":\"amd64\",\"config\":null,\"history\":null,"
                    + "\"rootfs\":{\"type\":\"layers\"}}")
            .build());
    project.task(
        Project.task(
            "a.Main",
            "team/app",
            "registry.example/empty:1",
            Project.program("a.Main"),
            "linux/amd64"));
    assertThat(register().failures()).isEmpty();
  }

  @Test
  void aBaseWithOnBuildIsRefused() {
    bases.push(
        "onbuild",
        "1",
        TestImage.builder().layer("a", "a").config(Map.of("OnBuild", List.of("RUN x"))).build());
    project.task(
        Project.task(
            "a.Main",
            "team/app",
            "registry.example/onbuild:1",
            Project.payload(Map.of()),
            "linux/amd64"));
    assertThat(register().failures())
        .singleElement()
        .satisfies(f -> assertThat(f.message()).contains("ONBUILD"));
  }

  @Test
  void aMissingPlatformListsWhatIsThere() {
    project.task(
        Project.task("a.Main", "team/app", Project.BASE, Project.payload(Map.of()), "linux/s390x"));
    assertThat(register().failures())
        .singleElement()
        .satisfies(
            failure -> {
              assertThat(failure.code()).isEqualTo(FailureCode.PLATFORM_NOT_FOUND);
              assertThat(failure.message()).contains("linux/amd64, linux/arm64");
            });
  }

  @Test
  void oneFailingImageDoesNotLoseTheOthers() throws IOException {
    project
        .task(Project.task("a.Good", "team/app", "x"))
        .task(
            Project.task(
                "a.Bad",
                "team/app",
                "registry.example/none:1",
                Project.payload(Map.of()),
                "linux/amd64"));
    Path record = dir.resolve("out/record.json");
    Registration registration = register(settings().record(record).build());
    assertThat(registration.tasks()).containsOnlyKeys("a.Good");
    assertThat(registration.failures())
        .singleElement()
        .satisfies(
            failure -> {
              assertThat(failure.tasks()).containsExactly("a.Bad");
              assertThat(failure.code()).isEqualTo(FailureCode.BASE_NOT_FOUND);
              assertThat(failure.message())
                  .contains("registry.example/none:1")
                  .contains("baseImage");
            });
    RegistrationRecord read = RegistrationRecord.parse(Files.readString(record));
    assertThat(read.reference("a.Good")).hasValue(registration.tasks().get("a.Good"));
    assertThat(read.reference("a.Bad")).isEmpty();
  }

  @Test
  void throttlingIsWaitedOut() {
    ecr.inject(Fault.throttle("PUT manifest", 2));
    ecr.inject(Fault.serverError("PUT blob", 1));
    ecr.inject(Fault.reset("POST upload", 1));
    bases.inject(Fault.truncate("GET blob", 1));
    project.task(Project.task("a.One", "team/app", "x"));
    Registration registration = register();
    assertThat(registration.failures()).isEmpty();
    assertThat(ecr.journal().count(e -> e.operation().equals("PUT manifest") && e.status() == 201))
        .isEqualTo(1);
  }

  @Test
  void aTokenThatExpiresMidPushIsRenewedOnce() {
    ecr.inject(Fault.first("PUT manifest", ecr::expireTokens));
    project.task(Project.task("a.One", "team/app", "x"));
    assertThat(register().failures()).isEmpty();
    assertThat(ecr.journal().count("GetAuthorizationToken")).isEqualTo(2);
  }

  @Test
  void losingTheRaceForATagAdoptsWhatIsThere() {
    project.task(Project.task("a.One", "team/app", "x"));
    Settings other = settings().lock(dir.resolve("other.lock")).build();
    ecr.inject(Fault.first("PUT manifest", () -> assertThat(register(other).failures()).isEmpty()));
    Registration registration = register();
    assertThat(registration.failures()).isEmpty();
    assertThat(registration.images().get(0).action()).isEqualTo(Registration.Action.REUSED);
    assertThat(registration.images().get(0).reference())
        .endsWith(ecr.tags("team/app").values().iterator().next().toString());
  }

  @Test
  void aTagWithAnotherImageIsAnErrorThatSaysHowTheyDiffer() {
    project.task(Project.task("a.One", "team/app", "x"));
    String tag = ImageRegistrar.of(settings().build()).plan().images().get(0).tag();
    ecr.inject(
        Fault.first(
            "PUT manifest",
            () ->
                ecr.push(
                    "team/app",
                    tag,
                    TestImage.builder()
                        .layer("evil", "evil")
                        .config(Map.of("User", "9"))
                        .build())));
    assertThat(register().failures())
        .singleElement()
        .satisfies(
            failure -> {
              assertThat(failure.code()).isEqualTo(FailureCode.TAG_IMMUTABLE);
              assertThat(failure.message()).contains("config.User").contains("rootfs.diff_ids");
            });
  }

  @Test
  void forceComparesAndOverwritesNothing() {
    project.task(Project.task("a.One", "team/app", "x"));
    register();
    ecr.journal().clear();
    Registration forced = register(settings().force(true).build());
    assertThat(forced.failures()).isEmpty();
    assertThat(ecr.journal().count("PUT manifest")).isZero();
    assertThat(ecr.journal().count("PUT blob")).isZero();
  }

  @Test
  void whatIsNotKnownToExistIsAnErrorWithThePermissionThatIsMissing() {
    ecr.deny("ecr:BatchGetImage");
    project.task(Project.task("a.One", "team/app", "x"));
    assertThat(register().failures())
        .singleElement()
        .satisfies(
            failure -> {
              assertThat(failure.code()).isEqualTo(FailureCode.DENIED);
              assertThat(failure.message()).contains("ecr:BatchGetImage").contains("\"Statement\"");
            });
    assertThat(ecr.journal().count("CreateRepository")).isZero();
  }

  @Test
  void aRepositoryThatMayNotBeCreatedFailsItsImagesAlone() {
    ecr.createRepository("there", false);
    ecr.deny("ecr:CreateRepository");
    project.task(Project.task("a.One", "there", "x")).task(Project.task("a.Two", "missing", "x"));
    Registration registration = register();
    assertThat(registration.tasks()).containsOnlyKeys("a.One");
    assertThat(registration.failures())
        .singleElement()
        .satisfies(failure -> assertThat(failure.message()).contains("ecr:CreateRepository"));
  }

  @Test
  void createdRepositoriesHaveImmutableTags() {
    project.task(Project.task("a.One", "team/app", "x"));
    register();
    assertThat(ecr.isMutable("team/app")).isFalse();
  }

  @Test
  void tasksThatWantOneRepositoryDifferentlyAreAnErrorOfThePlan() {
    Manifest plain = Project.task("a.One", "team/app", "x");
    project.task(plain);
    project.task(
        Project.with(
            new Manifest.Repository(true, false, "", List.of(), 0),
            Project.task("a.Two", "team/app", "x")));
    assertThatThrownBy(() -> ImageRegistrar.of(settings().build()).plan())
        .isInstanceOfSatisfying(
            ImageSpecException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.INVALID_MANIFEST))
        .hasMessageContaining("a.One and a.Two want the repository")
        .hasMessageContaining("give both the same @Repository");
    assertThatThrownBy(this::register).hasMessageContaining("a.One and a.Two");
    assertThat(ecr.journal().entries()).isEmpty();
    assertThat(bases.journal().entries()).isEmpty();
  }

  @Test
  void planWritesNothingAndSaysWhy() {
    project.task(Project.task("a.One", "team/app", "x"));
    Plan plan = ImageRegistrar.of(settings().build()).plan();
    assertThat(plan.hasWork()).isTrue();
    assertThat(plan.images().get(0).reasons())
        .containsExactly(
            "the repository does not exist yet",
            "not registered before, as far as this machine and the record know");
    assertThat(plan.images().get(0).digests()).isEmpty();
    assertThat(ecr.repositories()).isEmpty();
    assertThat(dir.resolve("imagespec.lock")).doesNotExist();
    Registration registration = register();
    assertThat(ImageRegistrar.of(settings().build()).plan().images().get(0).digests())
        .isEqualTo(registration.images().get(0).digests())
        .hasSize(1);
  }

  @Test
  void lockedNeedsAnEntryAndAsksNobody() {
    project.task(Project.task("a.One", "team/app", "x"));
    assertThatThrownBy(() -> register(settings().locked(true).build()))
        .isInstanceOfSatisfying(
            ImageSpecException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.INVALID_LOCK))
        .hasMessageContaining("imagespec lock");
    assertThat(bases.journal().entries()).isEmpty();
  }

  @Test
  void theLockKeepsTheBaseUntilItIsRefreshed() {
    project.task(Project.task("a.One", "team/app", "x"));
    String first = register().images().get(0).fingerprint();
    bases.push("base", "1", TestImage.builder().layer("new", "new").build());
    assertThat(register().images().get(0).fingerprint()).isEqualTo(first);
    ImageRegistrar.of(settings().build()).lock();
    assertThat(register().images().get(0).fingerprint()).isNotEqualTo(first);
  }

  @Test
  void aMirrorChangesNeitherLockNorFingerprint() throws IOException {
    project.task(Project.task("a.One", "team/app", "x"));
    String first = register().images().get(0).fingerprint();
    assertThat(Files.readString(dir.resolve("imagespec.lock")))
        .contains("registry.example/base:1")
        .doesNotContain(bases.registry());
    try (RegistryServer other = RegistryServer.anonymous()) {
      other.push("deep/base", "1", BASE);
      Settings settings =
          settings()
              .lock(dir.resolve("second.lock"))
              .mirrors(List.of(Mirror.parse("registry.example=" + other.registry() + "/deep")))
              .build();
      assertThat(register(settings).images().get(0).fingerprint()).isEqualTo(first);
    }
  }

  @Test
  void aBaseInEcrIsReadWithEcrsToken() {
    ecr.push("bases/java", "17", TestImage.small());
    project.task(
        Project.task(
            "a.One",
            "team/app",
            ecr.registry() + "/bases/java:17",
            Project.payload(Map.of()),
            "linux/amd64"));
    Registration registration = register();
    assertThat(registration.failures()).isEmpty();
    assertThat(ecr.journal().count("MOUNT")).as("the base's layer is not moved").isEqualTo(1);
    assertThat(ecr.journal().count("PUT blob")).as("the configuration").isEqualTo(1);
    assertThat(ecr.journal().count(e -> e.plane() == Plane.BLOBS && e.authorized())).isZero();
  }

  @Test
  void aFileThatChangesAfterItWasHashedIsAnError() {
    project
        .write("conf/a", "1")
        .task(
            Project.task(
                "a.One",
                "team/app",
                Project.BASE,
                Project.program("a.Main", new Manifest.Copy("conf", "/conf", "")),
                "linux/amd64"));
    ecr.inject(Fault.first("BatchGetImage", () -> project.write("conf/a", "2")));
    assertThat(register().failures())
        .singleElement()
        .satisfies(failure -> assertThat(failure.code()).isEqualTo(FailureCode.FILE_CHANGED));
    assertThat(ecr.journal().count("PUT manifest")).isZero();
  }

  @Test
  void aRegeneratedFileWithTheSameTimeIsNotStale() throws IOException {
    project
        .write("conf/a", "1")
        .task(
            Project.task(
                "a.One",
                "team/app",
                Project.BASE,
                Project.program("a.Main", new Manifest.Copy("conf", "/conf", "")),
                "linux/amd64"));
    java.nio.file.attribute.FileTime time = Files.getLastModifiedTime(dir.resolve("conf/a"));
    String first = digest(register(), "a.One");
    project.write("conf/a", "2");
    Files.setLastModifiedTime(dir.resolve("conf/a"), time);
    assertThat(digest(register(), "a.One")).isNotEqualTo(first);
  }

  /** It would change with each registration. */
  @Test
  void whatARegistrationWritesIsInNoCopyOfTheProject() throws IOException {
    project
        .write("conf/a", "1")
        .task(
            Project.task(
                "a.One",
                "team/app",
                Project.BASE,
                Project.program(
                    "a.Main",
                    new Manifest.Copy(
                        ".",
                        "/project",
                        "",
                        List.of(),
                        List.of("history", "memory"),
                        List.of(),
                        "",
                        "")),
                "linux/amd64"));
    Settings all =
        settings()
            .lock(dir.resolve("imagespec.lock"))
            .record(dir.resolve("out.json"))
            .report(dir.resolve("out.html"))
            .render(List.of(new Rendering(dir.resolve("conf/a"), dir.resolve("conf/rendered"))))
            .build();
    List<String> tags = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      project.write("conf/rendered", "of registration " + i);
      Registration registration = ImageRegistrar.of(all).withTaskRegistrars(List.of()).register();
      assertThat(registration.failures()).isEmpty();
      tags.add(registration.images().get(0).tag());
    }
    assertThat(Files.exists(dir.resolve("imagespec.lock"))).isTrue();
    assertThat(Files.exists(dir.resolve("out.json"))).isTrue();
    assertThat(tags).containsOnly(tags.get(0));
  }

  private record Registrar(String name, Set<String> settings, Answer answer)
      implements TaskRegistrar {
    interface Answer {
      List<Result> to(Registration registration, Context context) throws IOException;
    }

    @Override
    public List<Result> register(Registration registration, Context context) throws IOException {
      return answer.to(registration, context);
    }
  }

  @Test
  void registrarsAreCalledInTurnAndNoFailureHidesAnother() {
    project
        .task(Project.task("a.One", "team/app", "x"))
        .task(Project.task("a.Two", "team/app", "y"));
    TaskRegistrar bad =
        new Registrar(
            "bad",
            Set.of(),
            (registration, context) -> {
              throw new IOException("no");
            });
    TaskRegistrar broken =
        new Registrar(
            "broken",
            Set.of(),
            (registration, context) -> {
              throw new NoClassDefFoundError("x/Y");
            });
    TaskRegistrar half =
        new Registrar(
            "half",
            Set.of("zone"),
            (registration, context) -> {
              context.listener().on(new RegistrationEvent.Note("half", "hello"));
              return List.of(
                  new TaskRegistrar.Result.Registered(
                      context.settings().get("zone") + context.manifests().size(),
                      "a.One",
                      registration.tasks().getOrDefault("a.One", ""),
                      "id-1",
                      TaskRegistrar.Action.REGISTERED),
                  new TaskRegistrar.Result.Failed("a.Two", "is not known there"));
            });
    List<String> said = Collections.synchronizedList(new ArrayList<>());
    Registration registration =
        ImageRegistrar.of(settings().registrar("half", Map.of("zone", "z")).build())
            .withTaskRegistrars(List.of(bad, broken, half))
            .withListener(event -> said.add(event.toString()))
            .register();
    assertThat(registration.registrations())
        .containsExactly(
            new Registration.RegisteredTask(
                "half",
                "z2",
                "a.One",
                registration.tasks().getOrDefault("a.One", ""),
                "id-1",
                TaskRegistrar.Action.REGISTERED));
    assertThat(registration.failures())
        .extracting(Failure::message)
        .satisfiesExactly(
            first -> assertThat(first).contains("the registrar bad failed: no"),
            second -> assertThat(second).contains("the registrar broken failed: x/Y"),
            third -> assertThat(third).contains("the registrar half failed: is not known there"));
    assertThat(registration.failures().get(2).tasks()).containsExactly("a.Two");
    assertThat(said).contains("half: hello");
  }

  /** A registrar that takes definitions, and answers as it is told. */
  private abstract static class Definitions implements TaskRegistrar {
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
      return List.of();
    }
  }

  @Test
  void aRegistrarChecksItsDefinitionsBeforeTheFirstRequest() {
    project.task(Project.task("a.One", "team/app", "x"));
    Definition file = new Definition("lambda", dir.resolve("f.json"));
    TaskRegistrar strict =
        new Definitions() {
          @Override
          public void check(Context context) throws IOException {
            assertThat(context.definitions()).containsExactly(file);
            if (Files.notExists(file.file())) {
              throw new ImageSpecException(FailureCode.INVALID_FILE, "there is no " + file);
            }
            throw new IOException("the disk is broken");
          }
        };
    refused(strict, List.of(file), FailureCode.INVALID_FILE, "there is no " + file);
    project.write("f.json", "{}");
    refused(
        strict, List.of(file), FailureCode.REGISTRAR, "platform cannot check its tasks: the disk");
    refused(
        strict,
        List.of(new Definition("lamda", file.file())),
        FailureCode.INVALID_SETTING,
        "did you mean lambda?");
    refused(
        strict,
        List.of(new Definition("ecs", file.file())),
        FailureCode.INVALID_SETTING,
        "the kinds are lambda");
    assertThat(ecr.journal().entries()).isEmpty();
  }

  private void refused(
      TaskRegistrar registrar, List<Definition> files, FailureCode code, String message) {
    ImageRegistrar images =
        ImageRegistrar.of(settings().definitions(files).build())
            .withTaskRegistrars(List.of(registrar));
    for (ThrowingCallable call : List.<ThrowingCallable>of(images::register, images::plan)) {
      assertThatThrownBy(call)
          .isInstanceOfSatisfying(
              ImageSpecException.class, e -> assertThat(e.code()).isEqualTo(code))
          .hasMessageContaining(message);
    }
  }

  @Test
  void aPlanHasWhatRegistrarsWouldDo() {
    project.task(Project.task("a.One", "team/app", "x"));
    TaskRegistrar.Action[] action = {TaskRegistrar.Action.REGISTERED};
    TaskRegistrar asked =
        new Definitions() {
          @Override
          public List<Planned> plan(Plan plan, Context context) throws IOException {
            if (context.definitions().isEmpty()) {
              throw new IOException("nobody is there");
            }
            String image = plan.images().get(0).reference();
            return List.of(
                new Planned.Known("f.json", "a.One", action[0], List.of("image: " + image)));
          }
        };
    Settings defined =
        settings().definitions(List.of(new Definition("lambda", Path.of("f.json")))).build();
    assertThat(ImageRegistrar.of(defined).withTaskRegistrars(List.of(asked)).plan().definitions())
        .containsExactly(
            new Plan.Definition("platform", "f.json", "a.One", action[0], List.of("image: ")));
    String image = register().tasks().getOrDefault("a.One", "");

    Plan plan = ImageRegistrar.of(defined).withTaskRegistrars(List.of(asked)).plan();
    assertThat(plan.definitions().get(0).lines())
        .containsExactly("send   platform  f.json  for a.One", "       image: " + image);
    assertThat(plan.hasWork()).as("the image is there, the task is not").isTrue();
    action[0] = TaskRegistrar.Action.UNCHANGED;
    plan = ImageRegistrar.of(defined).withTaskRegistrars(List.of(asked)).plan();
    assertThat(plan.hasWork()).isFalse();
    assertThat(plan.summary()).contains("  definitions: 0 to register, 1 unchanged");

    Plan unknown = ImageRegistrar.of(settings().build()).withTaskRegistrars(List.of(asked)).plan();
    assertThat(unknown.failures())
        .extracting(Failure::message)
        .containsExactly("What the registrar platform would do is not known: nobody is there");
    Plan without =
        ImageRegistrar.of(settings().noRegistrars(true).build())
            .withTaskRegistrars(List.of(asked))
            .plan();
    assertThat(without.failures()).isEmpty();
  }

  @Test
  void noTemporaryFolderStays() throws IOException {
    project.task(
        Project.task("a.One", "team/app", Project.BASE, Project.program("a.Main"), "linux/amd64"));
    // A folder of its own: other registrations of this machine work in the shared one.
    Path own = Files.createDirectory(dir.resolve("tmp"));
    String shared = System.setProperty("java.io.tmpdir", own.toString());
    List<Long> during = Collections.synchronizedList(new ArrayList<>());
    try {
      LocalRegistries.registrar(settings())
          .withListener(event -> during.add(workspaces(own)))
          .register();
    } finally {
      System.setProperty("java.io.tmpdir", shared);
    }
    assertThat(during).as("the registration works there").contains(1L);
    assertThat(workspaces(own)).isZero();
  }

  /** A registration that was killed after its last push leaves its folder. */
  @Test
  void aRegistrationThatBuildsNothingCleansUpAfterAKilledOneAndAPlanDoesNot() throws IOException {
    project.task(Project.task("a.One", "team/app", "x"));
    Path own = Files.createDirectory(dir.resolve("tmp"));
    String shared = System.setProperty("java.io.tmpdir", own.toString());
    try {
      register();
      Path dead = Files.createDirectory(own.resolve("imagespec-dead"));
      Files.writeString(dead.resolve("lock"), "");
      ImageRegistrar.of(settings().build()).plan();
      assertThat(dead).exists();
      assertThat(register().requests()).isEqualTo(1);
      assertThat(own).isEmptyDirectory();
    } finally {
      System.setProperty("java.io.tmpdir", shared);
    }
  }

  /** What a killed registration has sent is there: the next one asks, and sends the rest. */
  @Test
  void blobsThatAKilledRegistrationSentAreNotSentAgain() {
    project.task(
        Project.task("a.One", "team/app", Project.BASE, Project.program("a.Main"), "linux/amd64"));
    ecr.inject(Fault.respond("PUT manifest", 1, 403, "", Map.of()));
    assertThat(register().failures()).hasSize(1);
    long sent = ecr.journal().count("PUT blob");
    assertThat(sent).isGreaterThan(3);
    ecr.journal().clear();
    bases.journal().clear();
    assertThat(register().failures()).isEmpty();
    assertThat(ecr.journal().count("HEAD blob")).isZero();
    assertThat(asked()).isEqualTo(sent);
    assertThat(ecr.journal().count("PUT blob")).isZero();
    assertThat(ecr.journal().count("PUT manifest")).isEqualTo(1);
    assertThat(bases.journal().count("GET blob")).as("the configuration").isEqualTo(1);
  }

  /** Killed between two repositories: what the first has is mounted into the second. */
  @Test
  void blobsOfARepositoryThatIsCompleteAreNotSentAgain() {
    project
        .task(Project.task("a.One", "team/one", "x"))
        .task(Project.task("a.Two", "team/two", "x"));
    register(settings().classes(List.of("a.One")).build());
    ecr.journal().clear();
    bases.journal().clear();
    assertThat(register().failures()).isEmpty();
    assertThat(ecr.journal().count("PUT blob")).isZero();
    assertThat(ecr.journal().count("MOUNT")).as("two layers, a configuration").isEqualTo(3);
    assertThat(bases.journal().count("GET blob")).as("a configuration").isEqualTo(1);
  }

  @Test
  void anImageHasTheDigestOfEachPlatformBuiltOrReused() throws IOException {
    project.task(
        Project.task(
            "a.Both",
            "team/app",
            Project.BASE,
            Project.payload(Map.of("WHO", "x")),
            "linux/amd64",
            "linux/arm64"));
    project.task(Project.task("a.One", "team/app", "y"));
    try (RegistryServer plain = RegistryServer.bearer("", "")) {
      for (String registry : List.of(ecr.registry(), plain.registry())) {
        Settings settings = settings().registry(registry).build();
        Registration.Image both = image(register(settings), "a.Both");
        assertThat(both.digests().keySet())
            .extracting(Platform::toString)
            .containsExactly("linux/amd64", "linux/arm64");
        assertThat(both.digests()).doesNotContainValue(digestOf(both));
        Registration again = register(settings);
        assertThat(image(again, "a.Both").action()).isEqualTo(Registration.Action.REUSED);
        assertThat(image(again, "a.Both").digests()).isEqualTo(both.digests());
        assertThat(image(again, "a.One").digests())
            .isEqualTo(Map.of(Platform.parse("linux/amd64"), digestOf(image(again, "a.One"))));
      }
    }
  }

  private static Registration.Image image(Registration registration, String task) {
    return registration.images().stream()
        .filter(image -> image.tasks().contains(task))
        .findFirst()
        .orElseThrow();
  }

  private static Digest digestOf(Registration.Image image) {
    return Digest.parse(image.reference().substring(image.reference().indexOf('@') + 1));
  }

  @Test
  void aPlainOciRegistryIsATargetToo() {
    try (RegistryServer target = RegistryServer.bearer("", "")) {
      project.task(Project.task("a.One", "team/app", "x"));
      Settings settings = settings().registry(target.registry()).build();
      assertThat(register(settings).images().get(0).action()).isEqualTo(Registration.Action.BUILT);
      assertThat(register(settings).images().get(0).action()).isEqualTo(Registration.Action.REUSED);
    }
  }

  @Test
  void theBytesOfTransfersNeverFallAndEndAllDone() {
    project
        .write("conf/large", "x".repeat(50_000))
        .task(
            Project.task(
                "a.One",
                "team/one",
                Project.BASE,
                Project.program("a.Main", new Manifest.Copy("conf", "/conf", "")),
                "linux/amd64"))
        .task(Project.basedOn("a.One", Project.task("a.Two", "team/two", "x")));
    ecr.inject(Fault.respond("PUT blob", 1, 500, "{}", Map.of()));
    List<RegistrationEvent> events = Collections.synchronizedList(new ArrayList<>());
    Registration registration =
        LocalRegistries.registrar(settings()).withListener(events::add).register();
    assertThat(registration.failures()).isEmpty();
    List<RegistrationEvent.TransferProgress> progress =
        events.stream()
            .filter(RegistrationEvent.TransferProgress.class::isInstance)
            .map(RegistrationEvent.TransferProgress.class::cast)
            .toList();
    assertThat(progress)
        .extracting(RegistrationEvent.TransferProgress::bytesDone)
        .isSorted()
        .doesNotHaveDuplicates();
    assertThat(progress).extracting(RegistrationEvent.TransferProgress::bytesTotal).isSorted();
    RegistrationProgress images = new RegistrationProgress();
    events.forEach(images::on);
    assertThat(images.now().images())
        .hasSize(2)
        .allSatisfy(
            image -> {
              assertThat(image.state()).isEqualTo(RegistrationProgress.State.PUSHED);
              assertThat(image.layers()).isPositive().isEqualTo(image.layersDone());
              assertThat(image.bytes()).isPositive().isEqualTo(image.bytesDone());
            });
    RegistrationEvent.TransferProgress last = progress.get(progress.size() - 1);
    assertThat(last.bytesDone()).isEqualTo(last.bytesTotal());
    assertThat(events)
        .filteredOn(RegistrationEvent.TransfersPlanned.class::isInstance)
        .last()
        .satisfies(
            planned ->
                assertThat(((RegistrationEvent.TransfersPlanned) planned).bytes())
                    .isEqualTo(last.bytesTotal()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aListenerThatThrowsEndsNoRegistration(boolean isError) {
    project.task(Project.task("a.One", "team/app", "x"));
    Registration registration =
        LocalRegistries.registrar(settings())
            .withListener(
                event -> {
                  if (isError) {
                    throw new AssertionError("no");
                  }
                  throw new IllegalStateException("no");
                })
            .register();
    assertThat(registration.isComplete()).isTrue();
  }

  private static long workspaces(Path folder) {
    try (Stream<Path> list = Files.list(folder)) {
      return list.filter(path -> String.valueOf(path.getFileName()).startsWith("imagespec-"))
          .count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
