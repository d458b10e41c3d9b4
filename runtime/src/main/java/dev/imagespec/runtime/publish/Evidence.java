package dev.imagespec.runtime.publish;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.compose.ComposedImage;
import dev.imagespec.runtime.memory.MachineMemory;
import dev.imagespec.runtime.oci.ImageManifest;
import dev.imagespec.runtime.oci.InvalidDocumentException;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.plan.PlannedImage;
import dev.imagespec.runtime.registry.RegistryClient;
import dev.imagespec.runtime.resolve.Base;
import dev.imagespec.runtime.resolve.Layer;
import dev.imagespec.runtime.target.Target;
import dev.imagespec.runtime.target.Targets;
import dev.imagespec.runtime.work.Once;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Finds out what repositories have, with as few requests as their registry allows: from the
 * manifests that the planner has read, with one question for many blobs, or from one more manifest.
 */
final class Evidence {
  private static final Logger LOG = LoggerFactory.getLogger(Evidence.class);

  /** Reading a manifest saves as many questions as it shows blobs. */
  private static final int WORTH_READING = 2;

  private final RegistryClient registry;
  private final Targets targets;
  private final MachineMemory memory;
  private final Map<Repository, List<PlannedImage>> existing = new HashMap<>();
  private final Once<Repository, Content> contents = new Once<>();
  private final Set<Repository> read = ConcurrentHashMap.newKeySet();

  /**
   * The evidence of a registration.
   *
   * @param memory what earlier registrations saw
   * @param planned all its images
   */
  Evidence(
      RegistryClient registry, Targets targets, MachineMemory memory, List<PlannedImage> planned) {
    this.registry = registry;
    this.targets = targets;
    this.memory = memory;
    for (PlannedImage image : planned) {
      if (image.existing().isPresent()) {
        existing.computeIfAbsent(image.repository(), key -> new ArrayList<>()).add(image);
      }
    }
  }

  /** Whether the registry is asked for many blobs at once. */
  boolean isAskedTogether(Repository repository) {
    return target(repository).asksForManyBlobs();
  }

  /**
   * What is known of a repository: from the manifests that the planner has read, and from what this
   * machine remembers where that does no harm if it is wrong. The same for all publications.
   */
  Content content(Repository repository) {
    return contents.get(
        repository,
        () -> {
          Content content = new Content();
          if (target(repository).refusesMissingBlobs()) {
            content.believe(memory.blobs(repository));
          }
          for (PlannedImage image : existing.getOrDefault(repository, List.of())) {
            image.read().forEach(manifest -> content.believe(named(manifest)));
          }
          return content;
        });
  }

  /** Learns that a repository has an image. */
  void pushed(ComposedImage image) {
    Repository repository = image.plan().repository();
    if (target(repository).refusesMissingBlobs()) {
      memory.saw(repository, image.blobs().stream().map(blob -> blob.source().digest()).toList());
    }
  }

  /** Forgets what was only believed of a repository: it has refused a manifest for it. */
  void doubt(Repository repository) {
    memory.forget(repository);
    content(repository).doubt();
  }

  /** Asks the registry for blobs, all at once. */
  void ask(Repository repository, Collection<Digest> digests) {
    Content content = content(repository);
    Set<Digest> open = new HashSet<>(digests);
    open.removeIf(content::isBelieved);
    if (open.isEmpty()) {
      return;
    }
    try {
      content.answered(open, target(repository).available(repository, open));
    } catch (ImageSpecException e) {
      if (e.code() == FailureCode.DENIED) {
        // Asking for each would need the same permission.
        content.unknown(e);
      }
      // Else the registry itself is asked for each, and says what is wrong.
      LOG.debug("Each blob of {} is asked for: {}", repository, e.getMessage());
    }
  }

  /**
   * Reads the existing image that shares most with those that are pushed, if that saves questions.
   *
   * @param pushed the images that are pushed to the repository
   */
  void read(Repository repository, List<PlannedImage> pushed) {
    if (!read.add(repository)) {
      return;
    }
    Set<Base> bases = new HashSet<>();
    Set<Digest> layers = new HashSet<>();
    for (PlannedImage image : pushed) {
      bases.add(image.spec().base());
      image.spec().draft().layers().forEach(layer -> layers.add(layer.inputDigest()));
    }
    PlannedImage best = null;
    int most = WORTH_READING - 1;
    for (PlannedImage image : existing.getOrDefault(repository, List.of())) {
      int shared = bases.contains(image.spec().base()) ? WORTH_READING : 0;
      for (Layer layer : image.spec().draft().layers()) {
        shared += layers.contains(layer.inputDigest()) ? 1 : 0;
      }
      if (shared > most) {
        best = image;
        most = shared;
      }
    }
    if (best != null) {
      for (Digest manifest : Set.copyOf(best.platforms().values())) {
        read(repository, manifest);
      }
    }
  }

  private void read(Repository repository, Digest manifest) {
    try {
      registry
          .manifests()
          .get(repository, manifest.toString())
          .ifPresent(found -> content(repository).believe(named(found)));
    } catch (ImageSpecException e) {
      LOG.debug("Each blob of {} is asked for: {}", repository, e.getMessage());
    }
  }

  private static Map<Digest, Long> named(RawManifest manifest) {
    Map<Digest, Long> named = new HashMap<>();
    try {
      if (manifest.parse() instanceof ImageManifest image) {
        image.layers().forEach(layer -> named.put(layer.digest(), layer.size()));
        named.put(image.config().digest(), image.config().size());
      }
    } catch (InvalidDocumentException e) {
      LOG.debug("{} shows nothing: {}", manifest.digest(), e.getMessage());
    }
    return named;
  }

  private Target target(Repository repository) {
    return targets.of(repository.registry());
  }
}
