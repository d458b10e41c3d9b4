package dev.imagespec.runtime.resolve;

import dev.imagespec.model.Digest;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Platform;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.registry.RegistryClient;
import dev.imagespec.runtime.registry.RemoteRepository;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;

/** Makes drafts definite: every base a digest, every image a fingerprint. */
public final class Resolver {
  private final Settings settings;
  private final LockFile lock;
  private final BaseResolver bases;
  private final Map<ImageReference, ImageSpecException> failed = new LinkedHashMap<>();

  /**
   * A resolver.
   *
   * @param lock is asked first, and takes in what had to be asked for
   */
  public Resolver(Settings settings, LockFile lock, RegistryClient registry) {
    this.settings = settings;
    this.lock = lock;
    this.bases = new BaseResolver(registry);
  }

  /**
   * Checks, without any request, that the lock has every base and platform that is needed, where
   * the settings say that it must.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_LOCK}
   */
  public void requireLocked(List<Draft> drafts) {
    if (!settings.locked()) {
      return;
    }
    List<String> missing =
        drafts.stream()
            .flatMap(draft -> draft.base().stream())
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

  /**
   * Resolves every draft that can be.
   *
   * @param failure takes each draft that cannot, with the reason
   */
  public List<ResolvedSpec> resolve(
      List<Draft> drafts, BiConsumer<Draft, ImageSpecException> failure) {
    List<ResolvedSpec> resolved = new ArrayList<>();
    for (Draft draft : drafts) {
      try {
        Base base =
            draft.base().isEmpty()
                ? Base.scratch(draft.manifest().platforms())
                : base(draft.base().get(), draft.manifest().platforms());
        Fingerprint fingerprint =
            Fingerprint.of(base, draft.manifest().environment(), draft.layers(), draft.config());
        resolved.add(new ResolvedSpec(draft, base, fingerprint));
      } catch (ImageSpecException e) {
        failure.accept(draft, e);
      }
    }
    return List.copyOf(resolved);
  }

  /** Asks the registries afresh what each base means, whatever the lock says. */
  public void refresh(List<ImageReference> references) {
    references.forEach(
        reference -> lock.put(reference, bases.resolve(reference, source(reference))));
  }

  /**
   * A base's reference by digest, to be built from: the platform's own where there is one platform.
   *
   * @throws ImageSpecException if it does not exist for these platforms
   */
  public ImageReference pinned(ImageReference reference, List<Platform> platforms) {
    Base base = base(reference, platforms);
    Digest digest =
        platforms.size() == 1
            ? base.manifest(platforms.get(0)).orElseThrow()
            : locked(reference, source(reference)).digest();
    return ImageReference.of(reference.registry(), reference.repository(), digest);
  }

  private Base base(ImageReference reference, List<Platform> wanted) {
    RemoteRepository source = source(reference);
    LockedBase locked = locked(reference, source);
    Map<Platform, String> platforms = new TreeMap<>();
    for (Platform platform : wanted) {
      if (!locked.platforms().containsKey(platform)) {
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
      platforms.put(platform, String.valueOf(locked.platforms().get(platform)));
    }
    return new Base(reference.toString(), Optional.of(source), platforms);
  }

  private LockedBase locked(ImageReference reference, RemoteRepository source) {
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

  /** Where a base's bytes come from: a mirror changes that, and nothing else. */
  private RemoteRepository source(ImageReference reference) {
    return settings.mirror(
        new RemoteRepository(reference.registry().host(), reference.repository()));
  }
}
