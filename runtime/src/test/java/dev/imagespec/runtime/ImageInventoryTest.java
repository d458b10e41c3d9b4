package dev.imagespec.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.RegistrationRecord;
import dev.imagespec.json.Json;
import dev.imagespec.testkit.EcrServer;
import dev.imagespec.testkit.Fault;
import dev.imagespec.testkit.RegistryServer;
import dev.imagespec.testkit.TestImage;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

class ImageInventoryTest {

  @TempDir Path dir;
  @RegisterExtension final LocalRegistries registries = new LocalRegistries();
  private final EcrServer ecr = registries.ecr;
  private final RegistryServer registry = registries.other;
  private final List<RegistrationEvent> events = new ArrayList<>();
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

  private static Registration register(Settings settings) {
    return ImageRegistrar.of(settings).withTaskRegistrars(List.of()).register();
  }

  private Inventory list(Settings settings, RegistrationRecord... records) {
    return ImageInventory.of(settings).withListener(events::add).list(List.of(records));
  }

  private static Inventory.Repository only(Inventory inventory) {
    assertThat(inventory.failures()).isEmpty();
    assertThat(inventory.repositories()).hasSize(1);
    return inventory.repositories().get(0);
  }

  @Test
  void tasksAreKnownByTheirFingerprintsInEveryKindOfRegistry() {
    for (String host : List.of(ecr.registry(), registry.registry())) {
      Settings settings = settings(host).build();
      Inventory.Repository before = only(list(settings));
      assertThat(before.exists()).isFalse();
      assertThat(before.images()).isEmpty();

      Registration.Image registered = register(settings).images().get(0);
      Inventory.Repository repository = only(list(settings));
      assertThat(repository.exists()).isTrue();
      assertThat(repository.name()).isEqualTo(host + "/team/app");
      Inventory.Image image = repository.images().get(0);
      assertThat(image.tag()).isEqualTo(registered.tag());
      assertThat(registered.reference()).endsWith("@" + image.digest());
      assertThat(image.fingerprint()).isEqualTo(registered.fingerprint());
      assertThat(image.tasks()).containsExactly("a.One");
      assertThat(image.state()).isEqualTo(Inventory.State.ACTIVE);
      assertThat(events).isEmpty();
    }
  }

  @Test
  void anImageThatNoTaskHasAnyMoreIsToldByARecord() {
    Settings settings = settings(registry.registry()).build();
    Registration before = register(settings);
    project.task(Project.task("a.One", "team/app", "changed"));
    register(settings);

    Inventory.Repository repository = only(list(settings));
    assertThat(repository.images()).hasSize(2);
    String old = before.images().get(0).tag();
    Inventory.Image unknown = image(repository, old);
    assertThat(unknown.tasks()).isEmpty();
    assertThat(old).as("the tag has the half of it").isEqualTo("is1-" + unknown.fingerprint());

    Inventory.Image known = image(only(list(settings, before.toRecord("", ""))), old);
    assertThat(known.tasks()).containsExactly("a.One");
    assertThat(known.fingerprint()).isEqualTo(before.images().get(0).fingerprint());
  }

  private static Inventory.Image image(Inventory.Repository repository, String tag) {
    return repository.images().stream()
        .filter(image -> image.tag().equals(tag))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatARecordNamesAndTheRepositoryLacksIsGone() {
    Settings settings = settings(ecr.registry()).build();
    Registration registration = register(settings);
    String digest = "sha256:" + "1".repeat(64);
    RegistrationRecord.Image lost =
        new RegistrationRecord.Image(
            ecr.registry() + "/team/app@" + digest,
            ecr.registry() + "/team/app",
            "is1-" + "2".repeat(32),
            "2".repeat(64),
            List.of("linux/amd64"),
            List.of("a.Lost"));
    RegistrationRecord record =
        new RegistrationRecord(Map.of("a.Lost", lost.reference()), List.of(lost), "", "");
    Inventory.Repository repository = only(list(settings, registration.toRecord("", ""), record));
    assertThat(repository.images()).hasSize(2);
    Inventory.Image gone = repository.images().get(1);
    assertThat(gone.state()).isEqualTo(Inventory.State.GONE);
    assertThat(gone.tasks()).containsExactly("a.Lost");
    assertThat(gone.digest()).isEqualTo(digest);
  }

  @Test
  void anArchivedImageIsToldFromOneThatCanBePulled() {
    Settings settings = settings(ecr.registry()).build();
    String tag = register(settings).images().get(0).tag();
    ecr.archive("team/app", tag);
    // The plan cannot tell whether it is there, and says so; the list goes on.
    Inventory.Repository repository = only(list(settings));
    assertThat(image(repository, tag).state()).isEqualTo(Inventory.State.ARCHIVED);
    assertThat(events).singleElement().asString().contains("a.One").contains("archived");
  }

  @Test
  void agesSizesAndScansOfAmazonEcrAreReadOverItsPages() {
    Settings settings = settings(ecr.registry()).build();
    register(settings);
    String[] pages = new String[2];
    for (int i = 0; i < 2; i++) {
      Map<String, Object> image =
          new java.util.TreeMap<>(
              Map.of(
                  "imageDigest",
                  "sha256:" + String.valueOf(i).repeat(64),
                  "imageTags",
                  List.of("page" + i),
                  "imagePushedAt",
                  1_700_000_000 + i,
                  "imageSizeInBytes",
                  52_000_000_000L,
                  "imageScanStatus",
                  Map.of("status", "COMPLETE"),
                  "imageScanFindingsSummary",
                  Map.of("findingSeverityCounts", Map.of("CRITICAL", i, "LOW", 7))));
      Map<String, Object> untagged = Map.of("imageDigest", "sha256:" + "f".repeat(64));
      Map<String, Object> page =
          new java.util.TreeMap<>(Map.of("imageDetails", List.of(image, untagged)));
      if (i == 0) {
        page.put("nextToken", "more");
      }
      pages[i] = Json.canonical(page);
    }
    ecr.inject(
        Fault.first(
            "DescribeImages",
            () -> ecr.inject(Fault.respond("DescribeImages", 1, 200, pages[1], Map.of()))));
    ecr.inject(Fault.respond("DescribeImages", 1, 200, pages[0], Map.of()));
    Inventory.Repository repository = only(list(settings));
    assertThat(ecr.journal().count("DescribeImages")).isEqualTo(2);
    assertThat(repository.untagged()).isEqualTo(2);
    assertThat(repository.images().stream().map(Inventory.Image::tag))
        .as("newest first")
        .containsExactly("page1", "page0");
    Inventory.Image newest = repository.images().get(0);
    assertThat(newest.pushedAt()).hasValue(Instant.ofEpochSecond(1_700_000_001));
    assertThat(newest.bytes()).hasValue(52_000_000_000L);
    assertThat(newest.scan().orElseThrow().findings()).isEqualTo(Map.of("CRITICAL", 1, "LOW", 7));
    assertThat(newest.fingerprint()).as("somebody else's").isEmpty();
  }

  @Test
  void aListWithoutAnEndIsAnError() {
    Settings settings = settings(ecr.registry()).build();
    register(settings);
    ecr.inject(
        Fault.respond(
            "DescribeImages", 9, 200, "{\"imageDetails\":[],\"nextToken\":\"again\"}", Map.of()));
    assertThat(list(settings).failures())
        .singleElement()
        .satisfies(failure -> assertThat(failure.code()).isEqualTo(FailureCode.PROTOCOL));
    assertThat(ecr.journal().count("DescribeImages")).isEqualTo(2);
  }

  @Test
  void sizesOfImagesForSeveralPlatformsCountSharedBlobsOnce() {
    TestImage image =
        TestImage.builder().layer("a", "a").platforms("linux/amd64", "linux/arm64").build();
    registry.push("team/app", "both", image);
    long bytes =
        image.blobDigests().stream()
            .mapToLong(digest -> registry.blob("team/app", digest).orElseThrow().length)
            .sum();
    Settings settings = settings(registry.registry()).build();
    assertThat(image(only(list(settings)), "both").bytes()).hasValue(bytes);
  }

  @Test
  void aMissingPermissionIsAFailureOfThatRepositoryAlone() {
    project.task(Project.task("a.Two", "team/other", "y"));
    Settings settings = settings(ecr.registry()).build();
    register(settings);
    ecr.inject(
        Fault.respond(
            "DescribeImages",
            1,
            400,
            "{\"__type\":\"AccessDeniedException\",\"message\":\"no\"}",
            Map.of()));
    Inventory inventory = list(settings);
    assertThat(inventory.repositories()).hasSize(1);
    assertThat(inventory.failures())
        .singleElement()
        .satisfies(
            failure -> {
              assertThat(failure.code()).isEqualTo(FailureCode.DENIED);
              assertThat(failure.message()).contains("ecr:DescribeImages");
            });
  }

  @Test
  void aRepositoryCanBeGivenWithoutTasksAndNoneIsAnError() {
    registry.push("team/app", "1", TestImage.small());
    Settings given =
        Settings.builder().projectDir(dir).registry(registry.registry()).name("team/app").build();
    assertThat(only(list(given)).images()).hasSize(1);
    assertThatThrownBy(() -> list(Settings.builder().projectDir(dir).build()))
        .hasMessageContaining("--classpath")
        .hasMessageContaining("--record");
  }

  @Test
  void hugeSizesDoNotBecomeNegative() {
    TestImage.Builder image = TestImage.builder();
    for (int i = 0; i < 3; i++) {
      image.describedLayer(
          Map.of(
              "mediaType",
              "application/vnd.oci.image.layer.v1.tar",
              "digest",
              "sha256:" + String.valueOf(i).repeat(64),
              "size",
              1L << 62));
    }
    registry.push("team/huge", "1", image.build());
    Settings settings =
        Settings.builder().projectDir(dir).registry(registry.registry()).name("team/huge").build();
    assertThat(only(list(settings)).images())
        .singleElement()
        .satisfies(listed -> assertThat(listed.bytes()).hasValue(Long.MAX_VALUE));
  }
}
