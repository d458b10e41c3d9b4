package dev.imagespec.runtime;

import static dev.imagespec.runtime.LocalRegistries.digest;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.testkit.EcrServer;
import dev.imagespec.testkit.Fault;
import dev.imagespec.testkit.RegistryServer;
import dev.imagespec.testkit.TestImage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The tags of images besides those of their fingerprints. */
class FurtherTagsTest {
  @TempDir Path dir;
  @RegisterExtension final LocalRegistries registries = new LocalRegistries();
  private final EcrServer ecr = registries.ecr;
  private final RegistryServer other = registries.other;
  private final List<RegistrationEvent> events = Collections.synchronizedList(new ArrayList<>());
  private Project project = new Project(Path.of(""));

  @BeforeEach
  void start() {
    project = new Project(dir);
    other.push("base", "1", TestImage.small());
    other.push("base", "2", TestImage.small());
    project.task(Project.task("a.One", "team/app", "x"));
  }

  private SettingsBuilder settings(String... tags) {
    return registries.settings(project).tags(Stream.of(tags).map(TagTemplate::parse).toList());
  }

  private Registration register(SettingsBuilder settings) {
    events.clear();
    return LocalRegistries.registrar(settings).withListener(events::add).register();
  }

  private static Registration.Image only(Registration registration) {
    assertThat(registration.failures()).isEmpty();
    assertThat(registration.images()).hasSize(1);
    return registration.images().get(0);
  }

  private String tag(String repository, String tag) {
    return String.valueOf(ecr.tags(repository).get(tag));
  }

  private long tagged() {
    return events.stream().filter(RegistrationEvent.ImageTagged.class::isInstance).count();
  }

  @Test
  void anImageGetsItsTagsAndTheSecondTimeThatCostsNothing() {
    SettingsBuilder settings = settings("1.4", "{task}-latest", "{name}_x");
    Registration first = register(settings);
    Registration.Image image = only(first);
    assertThat(image.tags()).containsExactly("1.4", "One-latest", "app_x");
    for (String tag : image.tags()) {
      assertThat(tag("team/app", tag)).isEqualTo(digest(first, "a.One"));
    }
    assertThat(tagged()).isEqualTo(3);
    assertThat(ecr.journal().count("GET manifest")).as("it was just made").isZero();
    assertThat(first.only(List.of("a.One")).images().get(0).tags()).isEqualTo(image.tags());

    ecr.journal().clear();
    other.journal().clear();
    Registration second = register(settings);
    assertThat(only(second).tags()).isEqualTo(image.tags());
    assertThat(second.requests()).as("one question for all tags").isEqualTo(1);
    assertThat(ecr.journal().count("BatchGetImage")).isEqualTo(1);
    assertThat(ecr.journal().count("PUT manifest")).isZero();
    assertThat(tagged()).isZero();
  }

  @Test
  void elsewhereEachTagIsAskedForByItsHeadAlone() {
    SettingsBuilder settings = settings("1.4", "latest").registry(other.registry());
    Registration.Image image = only(register(settings));
    for (String tag : List.of("1.4", "latest")) {
      assertThat(other.manifest("team/app", tag))
          .isEqualTo(other.manifest("team/app", image.tag()))
          .isPresent();
    }
    other.journal().clear();
    only(register(settings));
    assertThat(other.journal().count("HEAD manifest")).as("its own tag, and two").isEqualTo(3);
    assertThat(other.journal().count("GET manifest")).isZero();
    assertThat(other.journal().count("PUT manifest")).isZero();

    // An image that is there gets a new tag without its blobs.
    other.journal().clear();
    only(register(settings("1.4", "latest", "new").registry(other.registry())));
    assertThat(other.journal().count("PUT manifest")).isEqualTo(1);
    assertThat(other.journal().count("PUT blob")).isZero();
    assertThat(other.manifest("team/app", "new")).isPresent();

    // A changed one takes the tags with it.
    project.task(Project.task("a.One", "team/app", "changed"));
    Registration.Image changed = only(register(settings));
    assertThat(other.manifest("team/app", "latest"))
        .isEqualTo(other.manifest("team/app", changed.tag()))
        .isNotEqualTo(other.manifest("team/app", image.tag()));
  }

  @Test
  void tasksThatShareAnImageGiveItATagEach() {
    project.task(Project.task("a.Two$Inner", "team/app", "x"));
    assertThat(only(register(settings("{task}"))).tags()).containsExactly("One", "Inner");
  }

  @Test
  void aTagMovesInAmazonEcrWhereAFilterCoversIt() {
    SettingsBuilder settings = settings("{task}-latest").ecrMutableTagFilters(List.of("*-latest"));
    register(settings);
    project.task(Project.task("a.One", "team/app", "changed"));
    Plan plan = ImageRegistrar.of(settings.build()).plan();
    assertThat(plan.failures()).isEmpty();
    assertThat(plan.images().get(0).tags())
        .containsExactly(new Plan.Tag("One-latest", Plan.TagAction.MOVE));
    Registration second = register(settings);
    only(second);
    assertThat(tag("team/app", "One-latest")).isEqualTo(digest(second, "a.One"));
    assertThat(ImageRegistrar.of(settings.build()).plan().images().get(0).tags())
        .containsExactly(new Plan.Tag("One-latest", Plan.TagAction.KEEP));
    assertThat(ImageRegistrar.of(settings("new").build()).plan().images().get(0).tags())
        .containsExactly(new Plan.Tag("new", Plan.TagAction.SET));
  }

  @Test
  void aTagThatAmazonEcrDoesNotMoveIsAnErrorBeforeAnythingIsSent() {
    project.task(Project.task("a.Other", "team/other", "y"));
    register(settings("1.4"));
    String before = tag("team/app", "1.4");
    project.task(Project.task("a.One", "team/app", "changed"));
    ecr.journal().clear();
    Registration second = register(settings("1.4"));
    assertThat(second.tasks()).containsOnlyKeys("a.Other");
    assertThat(second.failures())
        .singleElement()
        .satisfies(
            failure -> {
              assertThat(failure.code()).isEqualTo(FailureCode.TAG_IMMUTABLE);
              assertThat(failure.tasks()).containsExactly("a.One");
              assertThat(failure.message())
                  .contains("The tag 1.4 names another image in " + ecr.registry() + "/team/app")
                  .contains("imagespec.ecr.mutable-tag-filters")
                  .contains("--image-tag-mutability IMMUTABLE_WITH_EXCLUSION")
                  .contains("filterType=WILDCARD,filter=1.4");
            });
    assertThat(ecr.journal().entries())
        .noneMatch(entry -> entry.operation().matches("(?:PUT|POST|PATCH) .*"));
    assertThat(ecr.journal().count("DescribeRepositories")).isEqualTo(1);
    assertThat(tag("team/app", "1.4")).isEqualTo(before);
    Plan plan = ImageRegistrar.of(settings("1.4").build()).plan();
    assertThat(plan.failures()).hasSize(1);
    assertThat(plan.summary()).first().asString().contains(" to reuse, 1 failed");
  }

  @Test
  void whetherATagMayBeMovedIsNeverGuessed() {
    SettingsBuilder settings = settings("latest").ecrMutableTagFilters(List.of("latest"));
    register(settings);
    project.task(Project.task("a.One", "team/app", "changed"));
    ecr.deny("ecr:DescribeRepositories");
    ecr.journal().clear();
    assertThat(register(settings).failures())
        .singleElement()
        .satisfies(
            failure ->
                assertThat(failure.message())
                    .startsWith("Whether the tag latest may be moved is not known: ")
                    .contains("ecr:DescribeRepositories"));
    assertThat(ecr.journal().count("PUT blob")).isZero();
  }

  @Test
  void anImmutableRepositoryElsewhereFailsTheImageAndSaysThatItIsThere() {
    SettingsBuilder settings = settings("1.4").registry(other.registry());
    other.inject(
        Fault.before(
            "PUT manifest",
            1,
            () ->
                other.inject(Fault.respond("PUT manifest", 1, 409, "{\"errors\":[]}", Map.of()))));
    Registration registration = register(settings);
    assertThat(registration.images()).isEmpty();
    assertThat(registration.failures())
        .singleElement()
        .satisfies(
            failure ->
                assertThat(failure.message())
                    .startsWith("The image is in the repository, but does not have the tag 1.4: "));
  }

  @Test
  void aTagWhoseAnswerGetsLostIsSet() {
    SettingsBuilder settings = settings("1.4").registry(other.registry());
    other.inject(
        Fault.before(
            "PUT manifest",
            1,
            () -> other.inject(Fault.replace("PUT manifest", 1, 409, "{\"errors\":[]}"))));
    only(register(settings));
    assertThat(other.manifest("team/app", "1.4")).isPresent();
    assertThat(tagged()).isEqualTo(1);
  }

  @Test
  void whatSetsNoTagsDoesNotMindThoseThatCannotMove() {
    register(settings("1.4"));
    project.task(Project.task("a.One", "team/app", "changed"));
    Settings settings = settings("1.4").build();
    assertThat(ImageRegistrar.of(settings).plan().failures()).hasSize(1);
    assertThat(ImageRegistrar.of(settings).save("a.One", dir.resolve("saved")).path()).exists();
    assertThat(ImageInventory.of(settings).withListener(events::add).list(List.of()).failures())
        .isEmpty();
    assertThat(events).noneMatch(RegistrationEvent.Note.class::isInstance);
  }

  @Test
  void twoImagesWithOneTagAreRefusedBeforeTheFirstRequest() {
    project.task(Project.task("a.Two", "team/app", "y"));
    assertThatThrownBy(() -> register(settings("latest")))
        .isInstanceOfSatisfying(
            ImageSpecException.class, e -> assertThat(e.code().isInput()).isTrue())
        .hasMessageContaining("a.One and a.Two differ")
        .hasMessageContaining("{task}-latest");
    assertThat(ecr.journal().entries()).isEmpty();
    assertThat(other.journal().entries()).isEmpty();
    assertThat(register(settings("{task}-latest")).failures()).isEmpty();
    // In repositories of their own, they may have the same.
    project.task(Project.task("a.Two", "team/other", "y"));
    assertThat(register(settings("own")).failures()).isEmpty();
  }

  @Test
  void imagesThatDifferOnlyInTheirBaseAreTwo() {
    project.task(
        Project.task(
            "a.Two",
            "team/app",
            "registry.example/base:2",
            Project.payload(Map.of("WHO", "x")),
            "linux/amd64"));
    assertThatThrownBy(() -> register(settings("latest"))).hasMessageContaining("differ");
  }

  @Test
  void imagesOnEqualImagesOfOtherTasksAreOne() {
    project
        .task(Project.task("a.Two", "team/app", "x"))
        .task(Project.basedOn("a.One", Project.task("a.TopOne", "team/top", "t")))
        .task(Project.basedOn("a.Two", Project.task("a.TopTwo", "team/top", "t")));
    Registration registration = register(settings("latest"));
    assertThat(registration.failures()).isEmpty();
    assertThat(registration.images()).hasSize(2);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{tsk}-latest | has the unknown placeholder {tsk}; there are {task} and {name}",
        "{} | has the unknown placeholder {}",
        "a/b | is no tag",
        "-a | is no tag",
        "{task | is no tag",
        "is1-x | starts like the tags that ImageSpec makes itself",
        "env1-{task} | starts like the tags that ImageSpec makes itself",
      })
  void whatIsNoTagIsRefusedAtOnce(String text, String why) {
    assertThatThrownBy(() -> Settings.reader().commandLine(Map.of("imagespec.tags", text)).read())
        .isInstanceOf(ImageSpecException.class)
        .hasMessageStartingWith("--tag: \"" + text)
        .hasMessageContaining(why);
  }

  @Test
  void whatIsNoTagOnlyWithATasksNameIsRefusedBeforeTheFirstRequest() {
    project.task(Project.task("a.Größe", "team/app", "x"));
    assertThatThrownBy(() -> register(settings("{task}")))
        .hasMessageContaining("--tag (imagespec.tags) for a.Größe: \"Größe\", made of \"{task}\"");
    project.task(Project.task("a.One", "team/is1-x", "x"));
    assertThatThrownBy(() -> register(settings("{name}")))
        .hasMessageContaining("starts like the tags");
    assertThat(ecr.journal().entries()).isEmpty();
  }
}
