package dev.imagespec.runtime.plan;

import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.registry.Existing;
import dev.imagespec.runtime.resolve.Draft;
import dev.imagespec.runtime.resolve.Environment;
import dev.imagespec.runtime.resolve.ResolvedSpec;
import dev.imagespec.runtime.target.ImageDigests;
import dev.imagespec.runtime.target.Target;
import dev.imagespec.runtime.work.Attempt;
import dev.imagespec.runtime.work.Subject;
import dev.imagespec.runtime.work.Workers;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Groups specs that share an image, and asks each repository which images exist. */
public final class Planner {
  private final Function<Registry, Target> targets;
  private final FurtherTags further;
  private final boolean force;

  /**
   * A planner.
   *
   * @param targets the target for each registry
   * @param further the tags that images get besides their own
   * @param force whether to build images even if they exist
   */
  public Planner(Function<Registry, Target> targets, FurtherTags further, boolean force) {
    this.targets = targets;
    this.further = further;
    this.force = force;
  }

  /**
   * Checks, without a request, that all tasks of a repository ask for it to be created the same
   * way.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_MANIFEST}; the message names the
   *     tasks
   */
  public static void checkRepositories(List<Draft> drafts) {
    Map<List<Object>, Draft> first = new LinkedHashMap<>();
    for (Draft draft : drafts) {
      Draft other = first.putIfAbsent(identity(draft.target()), draft);
      if (other != null && !settings(other).equals(settings(draft))) {
        throw new ImageSpecException(
            FailureCode.INVALID_MANIFEST,
            other.task()
                + " and "
                + draft.task()
                + " want the repository "
                + draft.target()
                + " created differently; give both the same @Repository.");
      }
    }
  }

  /** Equal for the names of one repository: Amazon ECR has several hosts for one registry. */
  static List<Object> identity(Repository repository) {
    return repository
        .registry()
        .ecr()
        .map(host -> List.<Object>of(host.account(), host.region(), repository.name()))
        .orElseGet(() -> List.of(repository));
  }

  /**
   * Plans the images that these specs need: one attempt for each. If a repository does not say
   * whether an image exists, planning that image fails; the image is never assumed to exist.
   */
  public List<Attempt<PlannedImage>> plan(List<ResolvedSpec> specs) {
    Map<Repository, Map<String, List<ResolvedSpec>>> wanted =
        specs.stream()
            .collect(
                Collectors.groupingBy(
                    spec -> spec.draft().target(),
                    LinkedHashMap::new,
                    Collectors.groupingBy(
                        spec -> spec.fingerprint().tag(),
                        LinkedHashMap::new,
                        Collectors.toList())));
    Map<Repository, Attempt<Existing<ImageDigests>>> answers = ask(wanted);
    List<Attempt<PlannedImage>> images = new ArrayList<>();
    wanted.forEach(
        (repository, byTag) -> images.addAll(plan(repository, byTag, answer(answers, repository))));
    return movable(images);
  }

  private static Attempt<Existing<ImageDigests>> answer(
      Map<Repository, Attempt<Existing<ImageDigests>>> answers, Repository repository) {
    return Optional.ofNullable(answers.get(repository)).orElseThrow();
  }

  /** Asks all repositories of a registry together, so that their answers are waited for at once. */
  private Map<Repository, Attempt<Existing<ImageDigests>>> ask(
      Map<Repository, Map<String, List<ResolvedSpec>>> wanted) {
    Map<Registry, Map<Repository, Map<String, Collection<Platform>>>> questions =
        new LinkedHashMap<>();
    wanted.forEach(
        (repository, byTag) ->
            questions
                .computeIfAbsent(repository.registry(), key -> new LinkedHashMap<>())
                .put(repository, tags(byTag)));
    Map<Repository, Attempt<Existing<ImageDigests>>> answers = new HashMap<>();
    Workers.atOnce(
            List.copyOf(questions.entrySet()),
            entry -> targets.apply(entry.getKey()).images(entry.getValue()))
        .forEach(answers::putAll);
    return answers;
  }

  private Map<String, Collection<Platform>> tags(Map<String, List<ResolvedSpec>> byTag) {
    Map<String, Collection<Platform>> tags = new LinkedHashMap<>();
    byTag.forEach((tag, specs) -> tags.put(tag, specs.get(0).base().platforms()));
    // Of these, only the digest matters: that of a single manifest is the least to ask for.
    byTag
        .values()
        .forEach(
            specs ->
                further(specs).forEach(tag -> tags.putIfAbsent(tag, List.of(Platform.DEFAULT))));
    return tags;
  }

  /** Fails the images whose further tags would have to be moved where the registry forbids it. */
  private List<Attempt<PlannedImage>> movable(List<Attempt<PlannedImage>> images) {
    Map<Registry, Map<Repository, Set<String>>> moved = new LinkedHashMap<>();
    for (PlannedImage image : Attempt.values(images)) {
      for (PlannedTag tag : image.moved()) {
        moved
            .computeIfAbsent(image.repository().registry(), key -> new LinkedHashMap<>())
            .computeIfAbsent(image.repository(), key -> new LinkedHashSet<>())
            .add(tag.name());
      }
    }
    Map<ImageReference, ImageSpecException> refused = new HashMap<>();
    moved.forEach((registry, tags) -> refused.putAll(immovable(registry, tags)));
    return images.stream()
        .map(
            attempt ->
                attempt.then(
                    image -> {
                      for (PlannedTag tag : image.moved()) {
                        ImageSpecException cause =
                            refused.get(image.repository().image(tag.name()));
                        if (cause != null) {
                          throw cause;
                        }
                      }
                      return image;
                    }))
        .toList();
  }

  private List<Attempt<PlannedImage>> plan(
      Repository repository,
      Map<String, List<ResolvedSpec>> byTag,
      Attempt<Existing<ImageDigests>> answer) {
    List<Attempt<PlannedImage>> images = new ArrayList<>();
    byTag.forEach(
        (tag, specs) ->
            images.add(
                Attempt.at(
                    subject(List.of(specs)),
                    () ->
                        new PlannedImage(
                            repository,
                            answer.get().repositoryExists(),
                            specs,
                            answer.get().get(tag).map(ImageDigests::top),
                            answer.get().get(tag).map(ImageDigests::platforms).orElse(Map.of()),
                            answer.get().get(tag).map(ImageDigests::read).orElse(List.of()),
                            further(specs).stream()
                                .map(name -> planned(name, answer.get()))
                                .toList(),
                            force))));
    return images;
  }

  private Map<ImageReference, ImageSpecException> immovable(
      Registry registry, Map<Repository, Set<String>> tags) {
    try {
      return targets.apply(registry).immovable(tags);
    } catch (ImageSpecException e) {
      Map<ImageReference, ImageSpecException> unknown = new HashMap<>();
      tags.forEach(
          (repository, names) ->
              names.forEach(
                  name ->
                      unknown.put(
                          repository.image(name),
                          new ImageSpecException(
                              e.code(),
                              "Whether the tag "
                                  + name
                                  + " may be moved is not known: "
                                  + e.getMessage(),
                              e))));
      return unknown;
    }
  }

  private List<String> further(List<ResolvedSpec> specs) {
    return further.of(specs.stream().map(ResolvedSpec::draft).toList());
  }

  /** What a tag names that may name anything: also what nobody can read. */
  private static PlannedTag planned(String name, Existing<ImageDigests> answer) {
    return new PlannedTag(
        name, Optional.ofNullable(answer.found().get(name)).map(ImageDigests::top));
  }

  private static Subject subject(Collection<List<ResolvedSpec>> specs) {
    return Subject.of(
        specs.stream().flatMap(List::stream).map(spec -> spec.draft().subject()).toList());
  }

  /**
   * The environments of some images: where each is, or where it will be built. Asks the
   * repositories of all specs that use an environment in the same registry, so that all tasks find
   * one that was built for one of them.
   *
   * @param images the images whose environments are wanted
   * @param all all images of the registration
   */
  public Map<HostedEnvironment, Attempt<PlannedEnvironment>> environments(
      List<PlannedImage> images, List<PlannedImage> all) {
    Map<HostedEnvironment, List<PlannedImage>> users = new LinkedHashMap<>();
    for (PlannedImage image : images) {
      image.environments().values().forEach(e -> users.put(e, new ArrayList<>()));
    }
    for (PlannedImage image : all) {
      for (HostedEnvironment environment : image.environments().values()) {
        if (users.containsKey(environment)) {
          users.get(environment).add(image);
        }
      }
    }
    Map<Repository, Attempt<Existing<RawManifest>>> answers = answers(users);
    Map<HostedEnvironment, Attempt<PlannedEnvironment>> environments = new LinkedHashMap<>();
    users.forEach(
        (environment, standing) ->
            environments.put(
                environment,
                Attempt.at(
                    Subject.of(standing.stream().map(PlannedImage::subject).toList()),
                    () -> located(environment.environment(), standing, answers))));
    return environments;
  }

  /** What the repositories of images say about their environments. */
  private Map<Repository, Attempt<Existing<RawManifest>>> answers(
      Map<HostedEnvironment, List<PlannedImage>> users) {
    Map<Repository, Set<String>> tags = new LinkedHashMap<>();
    users.forEach(
        (environment, images) ->
            images.stream()
                .filter(PlannedImage::repositoryExists)
                .forEach(
                    image ->
                        tags.computeIfAbsent(image.repository(), key -> new LinkedHashSet<>())
                            .add(environment.environment().tag())));
    Map<Repository, Attempt<Existing<RawManifest>>> answers = new LinkedHashMap<>();
    Workers.atOnce(
            List.copyOf(tags.entrySet()),
            Target.MOST_QUESTIONS,
            entry ->
                Attempt.at(
                    new Subject(List.of(), entry.getKey()),
                    () ->
                        targets
                            .apply(entry.getKey().registry())
                            .manifests(entry.getKey(), entry.getValue())))
        .forEach(answer -> answers.put(answer.subject().repository(), answer));
    return answers;
  }

  private static PlannedEnvironment located(
      Environment environment,
      List<PlannedImage> users,
      Map<Repository, Attempt<Existing<RawManifest>>> answers) {
    List<ResolvedSpec> specs = users.stream().flatMap(image -> image.specs().stream()).toList();
    ImageSpecException unknown = null;
    for (PlannedImage image : users) {
      Repository repository = image.repository();
      Attempt<Existing<RawManifest>> attempt = answers.get(repository);
      if (attempt instanceof Attempt.Failed<Existing<RawManifest>> failed) {
        unknown = unknown == null ? failed.cause() : unknown;
      } else if (attempt instanceof Attempt.Done<Existing<RawManifest>> done) {
        RawManifest existing = done.value().found().get(environment.tag());
        if (existing != null) {
          return new PlannedEnvironment(environment, repository, Optional.of(existing), specs);
        }
        ImageSpecException cause = done.value().unknown().get(environment.tag());
        unknown = unknown == null ? cause : unknown;
      }
    }
    if (unknown != null) {
      // It may exist: do not build it a second time.
      throw unknown;
    }
    return new PlannedEnvironment(environment, users.get(0).repository(), Optional.empty(), specs);
  }

  private static Manifest.Repository settings(Draft draft) {
    return draft.manifest().repository();
  }
}
