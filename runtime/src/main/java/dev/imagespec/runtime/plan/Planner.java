package dev.imagespec.runtime.plan;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Manifest;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.registry.RegistryClient;
import dev.imagespec.runtime.registry.RemoteRepository;
import dev.imagespec.runtime.registry.ecr.EcrRegistries;
import dev.imagespec.runtime.resolve.Draft;
import dev.imagespec.runtime.resolve.Environment;
import dev.imagespec.runtime.resolve.ResolvedSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;

/** Groups what shares an image, and asks each repository what of it exists. */
public final class Planner {
  private final RegistryClient registry;
  private final EcrRegistries ecr;
  private final boolean force;

  /**
   * A planner.
   *
   * @param force whether images are built although they exist
   */
  public Planner(RegistryClient registry, EcrRegistries ecr, boolean force) {
    this.registry = registry;
    this.ecr = ecr;
    this.force = force;
  }

  /**
   * Checks, without any request, that all tasks of a repository want it created in the same way.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_MANIFEST}; the message names the
   *     tasks
   */
  public static void checkRepositories(List<Draft> drafts) {
    Map<RemoteRepository, Draft> first = new LinkedHashMap<>();
    for (Draft draft : drafts) {
      Draft other = first.putIfAbsent(draft.target(), draft);
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

  /**
   * The images that these specs need.
   *
   * @param failure takes each spec whose repository cannot be asked, with the reason: what is not
   *     known to exist is never taken to exist
   */
  public List<PlannedImage> plan(
      List<ResolvedSpec> specs, BiConsumer<ResolvedSpec, ImageSpecException> failure) {
    Map<RemoteRepository, List<ResolvedSpec>> byRepository =
        specs.stream()
            .collect(
                Collectors.groupingBy(
                    spec -> spec.draft().target(), LinkedHashMap::new, Collectors.toList()));
    List<PlannedImage> images = new ArrayList<>();
    byRepository.forEach(
        (repository, wanted) -> {
          try {
            images.addAll(ask(repository, wanted, failure));
          } catch (ImageSpecException e) {
            wanted.forEach(spec -> failure.accept(spec, e));
          }
        });
    return List.copyOf(images);
  }

  private List<PlannedImage> ask(
      RemoteRepository repository,
      List<ResolvedSpec> wanted,
      BiConsumer<ResolvedSpec, ImageSpecException> failure) {
    Map<String, List<ResolvedSpec>> byTag =
        wanted.stream()
            .collect(
                Collectors.groupingBy(
                    spec -> spec.fingerprint().tag(), LinkedHashMap::new, Collectors.toList()));
    boolean repositoryExists = true;
    Map<String, Digest> existing = new LinkedHashMap<>();
    if (ecr.serves(repository.registry())) {
      EcrRegistries.Existing answer = ecr.images(repository, byTag.keySet());
      repositoryExists = answer.repositoryExists();
      answer.images().forEach((tag, manifest) -> existing.put(tag, manifest.digest()));
      answer
          .unknown()
          .forEach(
              (tag, cause) ->
                  byTag.getOrDefault(tag, List.of()).forEach(spec -> failure.accept(spec, cause)));
      byTag.keySet().removeAll(answer.unknown().keySet());
    } else {
      byTag
          .keySet()
          .forEach(
              tag ->
                  registry
                      .manifestDigest(repository, tag)
                      .ifPresent(digest -> existing.put(tag, digest)));
      if (existing.isEmpty() && ecr.isPublic(repository.registry())) {
        repositoryExists = ecr.repositories().existsInPublic(repository);
      }
    }
    List<PlannedImage> images = new ArrayList<>();
    for (Map.Entry<String, List<ResolvedSpec>> entry : byTag.entrySet()) {
      images.add(
          new PlannedImage(
              repository,
              repositoryExists,
              entry.getValue(),
              Optional.ofNullable(existing.get(entry.getKey())),
              force));
    }
    return images;
  }

  /**
   * The environments of some images: each where it is, or where it is to be built. Asks the
   * repositories of all specs that have it, so that one built for a task is found by the others.
   *
   * @param images those whose environments are wanted
   * @param all all images of the registration
   * @param failure takes each environment that cannot be asked for, with the reason
   */
  public List<PlannedEnvironment> environments(
      List<PlannedImage> images,
      List<PlannedImage> all,
      BiConsumer<Environment, ImageSpecException> failure) {
    Map<Environment, List<PlannedImage>> wanted = new LinkedHashMap<>();
    for (PlannedImage image : images) {
      image.spec().environments().values().forEach(e -> wanted.put(e, new ArrayList<>()));
    }
    for (PlannedImage image : all) {
      for (Environment environment : image.spec().environments().values()) {
        if (wanted.containsKey(environment)) {
          wanted.get(environment).add(image);
        }
      }
    }
    Map<RemoteRepository, Set<String>> questions = new LinkedHashMap<>();
    wanted.forEach(
        (environment, users) ->
            users.stream()
                .filter(PlannedImage::repositoryExists)
                .forEach(
                    image ->
                        questions
                            .computeIfAbsent(image.repository(), key -> new LinkedHashSet<>())
                            .add(environment.tag())));
    Map<RemoteRepository, Answer> answers = new LinkedHashMap<>();
    questions.forEach((repository, tags) -> answers.put(repository, ask(repository, tags)));
    List<PlannedEnvironment> environments = new ArrayList<>();
    wanted.forEach(
        (environment, users) ->
            located(environment, users, answers, failure).ifPresent(environments::add));
    return List.copyOf(environments);
  }

  /**
   * What a repository says of some tags.
   *
   * @param manifests what those that exist name
   * @param unknown why it cannot be said of others
   */
  private record Answer(
      Map<String, RawManifest> manifests, Map<String, ImageSpecException> unknown) {}

  private Answer ask(RemoteRepository repository, Set<String> tags) {
    try {
      if (ecr.serves(repository.registry())) {
        EcrRegistries.Existing existing = ecr.images(repository, tags);
        return new Answer(existing.images(), existing.unknown());
      }
      Map<String, RawManifest> manifests = new LinkedHashMap<>();
      for (String tag : tags) {
        registry.manifest(repository, tag).ifPresent(manifest -> manifests.put(tag, manifest));
      }
      return new Answer(manifests, Map.of());
    } catch (ImageSpecException e) {
      return new Answer(Map.of(), tags.stream().collect(Collectors.toMap(tag -> tag, tag -> e)));
    }
  }

  private static Optional<PlannedEnvironment> located(
      Environment environment,
      List<PlannedImage> users,
      Map<RemoteRepository, Answer> answers,
      BiConsumer<Environment, ImageSpecException> failure) {
    List<ResolvedSpec> specs = users.stream().flatMap(image -> image.specs().stream()).toList();
    Optional<ImageSpecException> unknown = Optional.empty();
    for (PlannedImage image : users) {
      RemoteRepository repository = image.repository();
      Answer answer = answers.getOrDefault(repository, new Answer(Map.of(), Map.of()));
      RawManifest existing = answer.manifests().get(environment.tag());
      if (existing != null) {
        return Optional.of(
            new PlannedEnvironment(environment, repository, Optional.of(existing), specs));
      }
      unknown = unknown.or(() -> Optional.ofNullable(answer.unknown().get(environment.tag())));
    }
    if (unknown.isPresent()) {
      // It may be there: what is not known is not built a second time.
      failure.accept(environment, unknown.get());
      return Optional.empty();
    }
    return Optional.of(
        new PlannedEnvironment(environment, users.get(0).repository(), Optional.empty(), specs));
  }

  private static Manifest.Repository settings(Draft draft) {
    return draft.manifest().repository();
  }
}
