package dev.imagespec.runtime.plan;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.model.Digest;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.TaskSource;
import dev.imagespec.runtime.catalog.Task;
import dev.imagespec.runtime.oci.MediaType;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.registry.Existing;
import dev.imagespec.runtime.registry.StoredImage;
import dev.imagespec.runtime.resolve.Base;
import dev.imagespec.runtime.resolve.Draft;
import dev.imagespec.runtime.resolve.Environment;
import dev.imagespec.runtime.resolve.Fingerprint;
import dev.imagespec.runtime.resolve.PayloadConfig;
import dev.imagespec.runtime.resolve.ResolvedSpec;
import dev.imagespec.runtime.resolve.Steps;
import dev.imagespec.runtime.target.Examination;
import dev.imagespec.runtime.target.ImageDigests;
import dev.imagespec.runtime.target.PreparationListener;
import dev.imagespec.runtime.target.Target;
import dev.imagespec.runtime.target.Wish;
import dev.imagespec.runtime.work.Attempt;
import dev.imagespec.runtime.work.Subject;
import dev.imagespec.runtime.work.Workers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class PlannerTest {
  private static final Repository APP = Repository.parse("ghcr.io/team/app");
  private static final Repository OTHER = Repository.parse("ghcr.io/team/other");

  /** A repository of another registry. */
  private static final Repository STRANGE =
      Repository.parse("123456789012.dkr.ecr.eu-west-1.amazonaws.com/team/strange");

  private static final Digest DIGEST = new Digest("d".repeat(64));
  private static final RawManifest MANIFEST =
      RawManifest.of(MediaType.OCI_MANIFEST, "{}".getBytes(StandardCharsets.UTF_8));

  private final Registry registry = new Registry();

  /** What a registry has, and what it was asked. */
  private static final class Registry implements Target {
    private final Map<String, ImageDigests> images = new HashMap<>();
    private final Map<String, RawManifest> manifests = new HashMap<>();
    private final Map<String, ImageSpecException> unknown = new HashMap<>();
    private final List<String> asked = Collections.synchronizedList(new ArrayList<>());
    private boolean repositoryExists = true;
    private boolean answers = true;

    private <T> Existing<T> existing(
        Repository repository, Collection<String> tags, Map<String, T> there) {
      asked.add(repository.name() + " " + new TreeSet<>(tags));
      if (!answers) {
        throw new ImageSpecException(FailureCode.UNREACHABLE, "no answer");
      }
      Map<String, T> found = new HashMap<>();
      Map<String, ImageSpecException> causes = new HashMap<>();
      for (String tag : tags) {
        T image = there.get(repository.name() + ":" + tag);
        ImageSpecException cause = unknown.get(repository.name() + ":" + tag);
        if (cause != null) {
          causes.put(tag, cause);
        } else if (image != null) {
          found.put(tag, image);
        }
      }
      return new Existing<>(repositoryExists, found, causes);
    }

    @Override
    public Map<Repository, Attempt<Existing<ImageDigests>>> images(
        Map<Repository, Map<String, Collection<Platform>>> wanted) {
      Map<Repository, Attempt<Existing<ImageDigests>>> found = new LinkedHashMap<>();
      wanted.forEach(
          (repository, tags) ->
              found.put(
                  repository,
                  Attempt.at(
                      new Subject(List.of(), repository),
                      () -> existing(repository, tags.keySet(), images))));
      return found;
    }

    @Override
    public Existing<RawManifest> manifests(Repository repository, Collection<String> tags) {
      return existing(repository, tags, manifests);
    }

    @Override
    public Map<String, StoredImage> details(Repository repository, Collection<String> tags) {
      throw new AssertionError();
    }

    @Override
    public void check(Manifest.Repository asked) {
      throw new AssertionError();
    }

    @Override
    public Map<ImageReference, ImageSpecException> immovable(Map<Repository, Set<String>> tags) {
      throw new AssertionError("no tag is moved");
    }

    @Override
    public Optional<List<StoredImage>> stored(Repository repository, Workers workers) {
      throw new AssertionError();
    }

    @Override
    public boolean refusesMissingBlobs() {
      throw new AssertionError();
    }

    @Override
    public boolean asksForManyBlobs() {
      throw new AssertionError();
    }

    @Override
    public Map<Digest, Long> available(Repository repository, Collection<Digest> blobs) {
      throw new AssertionError();
    }

    @Override
    public boolean changesExisting(Manifest.Repository asked) {
      throw new AssertionError();
    }

    @Override
    public void prepare(List<Wish> wishes, PreparationListener listener) {
      throw new AssertionError();
    }

    @Override
    public ImageSpecException explained(Repository repository, ImageSpecException failure) {
      throw new AssertionError();
    }

    @Override
    public Optional<ImageSpecException> archived(Repository repository, String tag) {
      throw new AssertionError();
    }

    @Override
    public Examination examine(
        Map<Repository, List<Manifest.Repository>> repositories, Map<String, String> environment) {
      throw new AssertionError();
    }
  }

  private static Draft draft(String task, Repository target, Manifest.Repository asked) {
    Manifest manifest =
        new Manifest(
            task,
            "",
            target.name().value(),
            "scratch",
            "",
            List.of(Platform.DEFAULT),
            Manifest.Environment.NONE,
            Manifest.Payload.NONE,
            asked);
    return new Draft(
        new Task(manifest, new TaskSource("", Path.of(""), List.of(), List.of()), List.of()),
        target,
        new Steps(List.of()),
        List.of(),
        PayloadConfig.of(Manifest.Payload.NONE));
  }

  /** A spec whose fingerprint follows from a text, and whose environment from another. */
  private static ResolvedSpec spec(String task, Repository target, String content, String steps) {
    Base base = new Base.Scratch(new TreeSet<>(List.of(Platform.DEFAULT)));
    return new ResolvedSpec(
        draft(task, target, Manifest.Repository.DEFAULT),
        base,
        steps.isEmpty() ? Map.of() : Map.of(Platform.DEFAULT, environment(steps)),
        new Fingerprint(Digest.of(content.getBytes(StandardCharsets.UTF_8))));
  }

  private static Environment environment(String steps) {
    return new Environment(
        Platform.DEFAULT,
        "scratch",
        new Steps(List.of(new Steps.Run(steps, List.of(), Map.of()))),
        0);
  }

  private Planner planner(boolean force) {
    return new Planner(host -> registry, new FurtherTags(List.of()), force);
  }

  private List<PlannedImage> plan(ResolvedSpec... specs) {
    return Attempt.values(planner(false).plan(List.of(specs)));
  }

  @Test
  void tasksOfOneFingerprintShareAnImageOfTheirRepository() {
    List<PlannedImage> images =
        plan(
            spec("a.One", APP, "x", ""),
            spec("a.Two", APP, "x", ""),
            spec("a.Three", APP, "y", ""),
            spec("a.Four", OTHER, "x", ""));
    assertThat(images)
        .extracting(PlannedImage::tasks)
        .containsExactly(List.of("a.One", "a.Two"), List.of("a.Three"), List.of("a.Four"));
    assertThat(registry.asked).as("each repository is asked once").hasSize(2);
  }

  @Test
  void whatExistsIsReusedUnlessForced() {
    ResolvedSpec there = spec("a.One", APP, "x", "");
    registry.images.put(
        "team/app:" + there.fingerprint().tag(),
        new ImageDigests(DIGEST, Map.of(Platform.DEFAULT, DIGEST), List.of()));
    List<PlannedImage> images = plan(there, spec("a.Two", APP, "y", ""));
    assertThat(images).extracting(PlannedImage::isReused).containsExactly(true, false);
    assertThat(images.get(0).existing()).hasValue(DIGEST);
    assertThat(images.get(0).platforms()).containsEntry(Platform.DEFAULT, DIGEST);
    assertThat(Attempt.values(planner(true).plan(List.of(there))))
        .singleElement()
        .satisfies(image -> assertThat(image.isReused()).isFalse());
  }

  @Test
  void whatIsNotKnownIsAFailureOfItsTasksAlone() {
    ResolvedSpec odd = spec("a.Odd", APP, "x", "");
    registry.unknown.put(
        "team/app:" + odd.fingerprint().tag(),
        new ImageSpecException(FailureCode.IMAGE_ARCHIVED, "archived"));
    List<Attempt<PlannedImage>> attempts =
        planner(false)
            .plan(List.of(odd, spec("a.Twin", APP, "x", ""), spec("a.Two", APP, "y", "")));
    assertThat(Attempt.values(attempts))
        .extracting(PlannedImage::tasks)
        .containsExactly(List.of("a.Two"));
    assertThat(Attempt.failures(attempts))
        .singleElement()
        .satisfies(
            failure -> {
              assertThat(failure.tasks()).containsExactly("a.Odd", "a.Twin");
              assertThat(failure.code()).isEqualTo(FailureCode.IMAGE_ARCHIVED);
            });
    registry.answers = false;
    assertThat(Attempt.failures(planner(false).plan(List.of(odd))))
        .singleElement()
        .satisfies(failure -> assertThat(failure.code()).isEqualTo(FailureCode.UNREACHABLE));
  }

  /** The environment of the tests in a repository's registry. */
  private static HostedEnvironment in(Repository repository) {
    return new HostedEnvironment(repository.registry(), environment("apt"));
  }

  private Attempt<PlannedEnvironment> environmentOf(List<PlannedImage> images) {
    return requireNonNull(planner(false).environments(images, images).get(in(APP)));
  }

  @Test
  void anEnvironmentIsFoundInAnyRepositoryOfItsTasksInOneRegistry() {
    ResolvedSpec first = spec("a.One", APP, "x", "apt");
    ResolvedSpec second = spec("a.Two", OTHER, "y", "apt");
    registry.manifests.put("team/other:" + environment("apt").tag(), MANIFEST);
    List<PlannedImage> images = plan(first, second);
    Map<HostedEnvironment, Attempt<PlannedEnvironment>> environments =
        planner(false).environments(images, images);
    assertThat(environments).containsOnlyKeys(in(APP));
    PlannedEnvironment found = requireNonNull(environments.get(in(APP))).get();
    assertThat(found.repository()).isEqualTo(OTHER);
    assertThat(found.existing()).hasValue(MANIFEST);
    assertThat(found.tasks()).containsExactly("a.One", "a.Two");
  }

  @Test
  void anEnvironmentOfAnotherRegistryIsNotTaken() {
    registry.manifests.put("team/strange:" + environment("apt").tag(), MANIFEST);
    List<PlannedImage> images =
        plan(spec("a.One", APP, "x", "apt"), spec("a.Two", STRANGE, "y", "apt"));
    Map<HostedEnvironment, Attempt<PlannedEnvironment>> environments =
        planner(false).environments(images, images);
    assertThat(environments).containsOnlyKeys(in(APP), in(STRANGE));
    PlannedEnvironment own = requireNonNull(environments.get(in(APP))).get();
    assertThat(own.existing()).isEmpty();
    assertThat(own.repository()).isEqualTo(APP);
    assertThat(own.tasks()).containsExactly("a.One");
    PlannedEnvironment other = requireNonNull(environments.get(in(STRANGE))).get();
    assertThat(other.existing()).hasValue(MANIFEST);
    assertThat(other.tasks()).containsExactly("a.Two");
  }

  @Test
  void anEnvironmentThatMayExistIsNotBuiltASecondTime() {
    List<PlannedImage> images =
        plan(spec("a.One", APP, "x", "apt"), spec("a.Two", OTHER, "y", "apt"));
    registry.unknown.put(
        "team/other:" + environment("apt").tag(),
        new ImageSpecException(FailureCode.IMAGE_ARCHIVED, "archived"));
    Attempt<PlannedEnvironment> attempt = environmentOf(images);
    assertThatThrownBy(attempt::get).hasMessage("archived");
    assertThat(attempt.subject().tasks()).containsExactly("a.One", "a.Two");
  }

  @Test
  void aMissingRepositoryIsNotAskedForEnvironments() {
    registry.repositoryExists = false;
    List<PlannedImage> images = plan(spec("a.One", APP, "x", "apt"));
    registry.asked.clear();
    PlannedEnvironment planned = environmentOf(images).get();
    assertThat(planned.existing()).isEmpty();
    assertThat(planned.repository()).isEqualTo(APP);
    assertThat(registry.asked).isEmpty();
  }

  @Test
  void tasksOfARepositoryWantItCreatedAlike() {
    Manifest.Repository movable = new Manifest.Repository(true, false, "", List.of(), 0);
    Draft one = draft("a.One", APP, Manifest.Repository.DEFAULT);
    Planner.checkRepositories(List.of(one, draft("a.Two", OTHER, movable)));
    assertThatThrownBy(() -> Planner.checkRepositories(List.of(one, draft("a.Two", APP, movable))))
        .isInstanceOfSatisfying(
            ImageSpecException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.INVALID_MANIFEST))
        .hasMessageContaining("a.One and a.Two want the repository ghcr.io/team/app");
  }

  @Test
  void theHostsOfOneEcrRegistryHaveTheSameRepositories() {
    Manifest.Repository open = new Manifest.Repository(false, false, "", List.of("1"), 0);
    Draft one = draft("a.One", STRANGE, Manifest.Repository.DEFAULT);
    for (String host :
        List.of("dkr-ecr.eu-west-1.on.aws", "dkr.ecr-fips.eu-west-1.amazonaws.com")) {
      Draft two = draft("a.Two", Repository.parse("123456789012." + host + "/team/strange"), open);
      assertThatThrownBy(() -> Planner.checkRepositories(List.of(one, two)))
          .hasMessageContaining("a.One and a.Two want the repository");
      Planner.checkRepositories(
          List.of(
              one,
              draft("a.Two", Repository.parse("223456789012." + host + "/team/strange"), open)));
    }
  }
}
