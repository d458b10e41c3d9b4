package dev.imagespec.runtime.resolve;

import dev.imagespec.dockerfile.OwnDockerfile;
import dev.imagespec.model.Digest;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.registry.RegistryClient;
import dev.imagespec.runtime.work.Attempt;
import dev.imagespec.runtime.work.Subject;
import dev.imagespec.runtime.work.Workers;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Resolves drafts: gives every base a digest, and every image a fingerprint. */
public final class Resolver {
  private final Settings settings;
  private final LockFile lock;
  private final BaseResolver bases;
  private final Map<ImageReference, ImageSpecException> failed = new LinkedHashMap<>();
  private final Set<Digest> raised = new HashSet<>();

  /**
   * A resolver.
   *
   * @param lock is consulted first; digests that the registries were asked for are added to it
   */
  public Resolver(Settings settings, LockFile lock, RegistryClient registry) {
    this.settings = settings;
    this.lock = lock;
    this.bases = new BaseResolver(registry);
  }

  /**
   * If the settings require it, checks without a request that the lock has every base and platform.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_LOCK}
   */
  public void requireLocked(List<Draft> drafts) {
    if (!settings.locked()) {
      return;
    }
    if (settings.force() && drafts.stream().anyMatch(Draft::hasEnvironment)) {
      throw new ImageSpecException(
          FailureCode.INVALID_LOCK,
          "--force counts the rebuilds of environments in the lock, and --locked forbids to change it."
              + " Leave out one of the two.");
    }
    List<String> missing =
        drafts.stream()
            .flatMap(draft -> draft.bases().stream())
            .distinct()
            .filter(reference -> lock.get(reference).isEmpty())
            .map(ImageReference::toString)
            .toList();
    if (!missing.isEmpty()) {
      throw new ImageSpecException(
          FailureCode.INVALID_LOCK,
          "The lock "
              + lock.file()
              + " has no entry for "
              + String.join(", ", missing)
              + ", and --locked forbids to ask the registry. Run `imagespec lock` and commit the file.");
    }
  }

  /** Resolves drafts: one attempt for each, in their order. */
  public List<Attempt<ResolvedSpec>> resolve(List<Draft> drafts) {
    lookUp(drafts);
    Map<String, Attempt<ResolvedSpec>> attempts = new LinkedHashMap<>();
    for (Draft draft : basesFirst(drafts)) {
      attempts.put(draft.task(), Attempt.at(draft.subject(), () -> resolve(draft, attempts)));
    }
    List<Attempt<ResolvedSpec>> inOrder = new ArrayList<>();
    drafts.forEach(draft -> inOrder.add(attempts.get(draft.task())));
    return inOrder;
  }

  /** Asks for all bases that the lock lacks, so that each draft finds its own there, or failed. */
  private void lookUp(List<Draft> drafts) {
    List<ImageReference> missing =
        drafts.stream()
            .flatMap(draft -> draft.bases().stream())
            .distinct()
            .filter(reference -> lock.get(reference).isEmpty())
            .filter(reference -> !failed.containsKey(reference))
            .toList();
    ask(missing)
        .forEach(
            (reference, attempt) -> {
              if (attempt instanceof Attempt.Failed<LockedBase> failure) {
                failed.put(reference, failure.cause());
              } else {
                lock.put(reference, attempt.get());
              }
            });
  }

  /** Asks the registries at the same time: those that never answer cost the patience for one. */
  private Map<ImageReference, Attempt<LockedBase>> ask(List<ImageReference> references) {
    List<Attempt<LockedBase>> attempts =
        Workers.atOnce(
            references,
            reference ->
                Attempt.at(
                    new Subject(List.of(), reference.repository()),
                    () -> bases.resolve(reference, source(reference))));
    Map<ImageReference, Attempt<LockedBase>> answers = new LinkedHashMap<>();
    for (int i = 0; i < attempts.size(); i++) {
      answers.put(references.get(i), attempts.get(i));
    }
    return answers;
  }

  private ResolvedSpec resolve(Draft draft, Map<String, Attempt<ResolvedSpec>> others) {
    Base base = base(draft, others);
    Map<Platform, Environment> environments = environments(draft, base);
    Fingerprint fingerprint = Fingerprint.of(base, environments, draft.layers(), draft.config());
    return new ResolvedSpec(draft, base, environments, fingerprint);
  }

  /** A forced registration rebuilds each environment, once. */
  private Map<Platform, Environment> environments(Draft draft, Base base) {
    Map<Platform, Environment> environments = new TreeMap<>();
    if (!draft.hasEnvironment()) {
      return environments;
    }
    base.platforms()
        .forEach(
            platform -> {
              Environment environment =
                  new Environment(platform, base.identity(platform), draft.steps(), 0);
              if (settings.force() && raised.add(environment.digest())) {
                lock.rebuild(environment);
              }
              environments.put(platform, environment.rebuilt(lock.rebuilds(environment)));
            });
    return environments;
  }

  /** The drafter has checked that every base exists and that there is no cycle. */
  private static List<Draft> basesFirst(List<Draft> drafts) {
    Map<String, Draft> byTask = new LinkedHashMap<>();
    drafts.forEach(draft -> byTask.put(draft.task(), draft));
    Map<String, Draft> ordered = new LinkedHashMap<>();
    for (Draft draft : drafts) {
      Deque<Draft> chain = new ArrayDeque<>();
      for (Draft at = draft;
          at != null && !ordered.containsKey(at.task());
          at = byTask.get(at.manifest().baseSpec())) {
        chain.push(at);
      }
      chain.forEach(at -> ordered.put(at.task(), at));
    }
    return List.copyOf(ordered.values());
  }

  private Base base(Draft draft, Map<String, Attempt<ResolvedSpec>> others) {
    List<Platform> platforms = draft.manifest().platforms();
    String task = draft.manifest().baseSpec();
    if (draft.recipe().isPresent()) {
      return base(draft.recipe().get(), platforms);
    }
    if (task.isEmpty()) {
      return draft.base().isEmpty()
          ? Base.Scratch.of(platforms)
          : base(draft.base().get(), platforms);
    }
    Attempt<ResolvedSpec> attempt = others.get(task);
    if (attempt instanceof Attempt.Failed<ResolvedSpec> failed
        && failed.cause().code() == FailureCode.INTERRUPTED) {
      throw failed.cause();
    }
    if (!(attempt instanceof Attempt.Done<ResolvedSpec> resolved)) {
      throw new ImageSpecException(
          FailureCode.BASE_NOT_FOUND,
          "Its base, the image of " + task + ", cannot be resolved; see there.");
    }
    ResolvedSpec other = resolved.value();
    for (Platform platform : platforms) {
      if (!other.base().platforms().contains(platform)) {
        throw new ImageSpecException(
            FailureCode.PLATFORM_NOT_FOUND,
            "Its base, the image of "
                + task
                + ", is not built for "
                + platform
                + ". Add it to the platforms of "
                + task
                + ", or remove it here.");
      }
    }
    return Base.OfTask.of(other, platforms);
  }

  /**
   * What is built from a Dockerfile of the project.
   *
   * @throws ImageSpecException if an image that it uses does not exist for these platforms
   */
  public Base.OfDockerfile base(Recipe recipe, List<Platform> platforms) {
    SortedMap<Platform, List<Base.OfDockerfile.Used>> images = new TreeMap<>();
    for (Platform platform : platforms) {
      images.put(platform, recipe.dockerfile().images(platform).stream().map(this::used).toList());
    }
    return new Base.OfDockerfile(recipe, images);
  }

  private Base.OfDockerfile.Used used(OwnDockerfile.Use use) {
    ImageReference reference = use.reference();
    Repository source = source(reference);
    Digest top = locked(reference, source).digest();
    Platform platform = use.platform();
    return new Base.OfDockerfile.Used(
        use,
        source,
        top,
        platform == null ? top : base(reference, List.of(platform)).manifest(platform));
  }

  /** Asks the registries again what each base stands for, whatever the lock says. */
  public void refresh(List<ImageReference> references) {
    Map<ImageReference, Attempt<LockedBase>> answers = ask(references);
    answers.values().forEach(Attempt::get);
    answers.forEach((reference, attempt) -> lock.put(reference, attempt.get()));
  }

  /**
   * A base's reference by digest, to build from. With one platform, it is the digest of that
   * platform's manifest.
   *
   * @throws ImageSpecException if the base does not exist for these platforms
   */
  public ImageReference pinned(ImageReference reference, List<Platform> platforms) {
    Base.Registered base = base(reference, platforms);
    Digest digest = platforms.size() == 1 ? base.manifest(platforms.get(0)) : base.top();
    return reference.repository().image(digest);
  }

  private Base.Registered base(ImageReference reference, List<Platform> wanted) {
    Repository source = source(reference);
    LockedBase locked = locked(reference, source);
    SortedMap<Platform, Digest> manifests = new TreeMap<>();
    for (Platform platform : wanted) {
      Digest manifest = locked.platforms().get(platform);
      if (manifest == null) {
        throw new ImageSpecException(
            FailureCode.PLATFORM_NOT_FOUND,
            "The base image "
                + reference
                + " does not exist for "
                + platform
                + "; it exists for "
                + String.join(
                    ", ", locked.platforms().keySet().stream().map(Platform::toString).toList())
                + ". Correct platforms or baseImage, or refresh the lock with `imagespec lock`.");
      }
      manifests.put(platform, manifest);
    }
    return new Base.Registered(reference, source, locked.digest(), manifests);
  }

  private LockedBase locked(ImageReference reference, Repository source) {
    Optional<LockedBase> known = lock.get(reference);
    if (known.isPresent()) {
      return known.get();
    }
    ImageSpecException before = failed.get(reference);
    if (before != null) {
      throw before;
    }
    try {
      LockedBase base = bases.resolve(reference, source);
      lock.put(reference, base);
      return base;
    } catch (ImageSpecException e) {
      failed.put(reference, e);
      throw e;
    }
  }

  /** The repository to read a base from. A mirror changes only this. */
  private Repository source(ImageReference reference) {
    return settings.mirror(reference.repository());
  }
}
