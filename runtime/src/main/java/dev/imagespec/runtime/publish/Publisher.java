package dev.imagespec.runtime.publish;

import dev.imagespec.model.Digest;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.RegistrationEvent;
import dev.imagespec.runtime.RegistrationListener;
import dev.imagespec.runtime.build.ComposedImage;
import dev.imagespec.runtime.plan.PlannedImage;
import dev.imagespec.runtime.registry.RegistryClient;
import dev.imagespec.runtime.registry.RemoteManifest;
import dev.imagespec.runtime.registry.RemoteRepository;
import dev.imagespec.runtime.registry.ecr.EcrRegistries;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Executes a transfer plan: creates what repositories are missing, sends blobs, then manifests,
 * then checks what the registry says it has. An image that fails does not hold up the others.
 */
public final class Publisher {
  private final RegistryClient registry;
  private final EcrRegistries ecr;
  private final Workers workers;
  private final Adoption adoption;
  private final RegistrationListener listener;

  private final Set<RemoteRepository> created = new HashSet<>();
  private final Map<RemoteRepository, ImageSpecException> unusable = new HashMap<>();

  /** Bytes that went up, and failures, by repository and digest. */
  private final Map<String, Long> uploaded = new ConcurrentHashMap<>();

  /** Blobs that repositories are known to have, by repository and digest. */
  private final Set<String> present = ConcurrentHashMap.newKeySet();

  private final Map<String, ImageSpecException> failed = new ConcurrentHashMap<>();

  public Publisher(
      RegistryClient registry, EcrRegistries ecr, Workers workers, RegistrationListener listener) {
    this.registry = registry;
    this.ecr = ecr;
    this.workers = workers;
    this.adoption = new Adoption(registry);
    this.listener = listener;
  }

  /**
   * Creates what repositories of some images are missing.
   *
   * @return why the others cannot be used
   */
  public Map<RemoteRepository, ImageSpecException> prepare(List<PlannedImage> images) {
    images.forEach(this::createRepository);
    return Map.copyOf(unusable);
  }

  /** Publishes the images; one outcome each. */
  public List<Outcome> publish(List<ComposedImage> images) {
    List<Outcome> outcomes = new ArrayList<>();
    List<ComposedImage> toPush = new ArrayList<>();
    for (ComposedImage image : images) {
      // A forced build: its tag is there, and is never overwritten.
      if (image.plan().existing().isPresent()) {
        outcomes.add(compare(image));
      } else {
        toPush.add(image);
      }
    }
    for (TransferPlan.Wave wave : TransferPlan.of(toPush).waves()) {
      wave.images().forEach(image -> createRepository(image.plan()));
      workers.forEach(wave.transfers(), this::transfer);
      outcomes.addAll(workers.map(wave.images(), this::push));
    }
    return List.copyOf(outcomes);
  }

  private Outcome compare(ComposedImage image) {
    try {
      Optional<Digest> digest = adoption.adopt(image);
      return digest
          .<Outcome>map(found -> new Outcome.Published(image.plan(), found, false, 0))
          .orElseGet(
              () ->
                  new Outcome.Failed(
                      image.plan(),
                      new ImageSpecException(
                          FailureCode.PROTOCOL,
                          "The tag " + image.plan() + " was deleted meanwhile. Register again.")));
    } catch (ImageSpecException e) {
      return new Outcome.Failed(image.plan(), e);
    }
  }

  private void createRepository(PlannedImage image) {
    RemoteRepository repository = image.repository();
    if (image.repositoryExists()
        || created.contains(repository)
        || unusable.containsKey(repository)) {
      return;
    }
    try {
      boolean mutable = image.spec().draft().manifest().repository().mutableTags();
      // If another registration was faster, it may hold blobs already: then it is asked for each.
      if (ecr.createRepository(repository, mutable)) {
        created.add(repository);
        listener.on(
            new RegistrationEvent(
                RegistrationEvent.Kind.REPOSITORY_CREATED, repository.toString(), "created"));
      }
    } catch (ImageSpecException e) {
      unusable.put(repository, e);
    }
  }

  private void transfer(TransferPlan.Transfer transfer) {
    RemoteRepository to = transfer.to();
    Digest digest = transfer.blob().digest();
    if (unusable.containsKey(to) || present.contains(key(to, digest))) {
      return;
    }
    try {
      if (transfer.mountFrom().isPresent()) {
        if (registry.mountOrUpload(to, transfer.mountFrom().get(), transfer.blob())) {
          present.add(key(to, digest));
          return;
        }
      } else if (!created.contains(to) && registry.hasBlob(to, digest)) {
        present.add(key(to, digest));
        return;
      } else {
        registry.upload(to, transfer.blob());
      }
      present.add(key(to, digest));
      uploaded.put(key(to, digest), transfer.blob().size());
      listener.on(
          new RegistrationEvent(
              RegistrationEvent.Kind.BLOB_UPLOADED,
              to.toString(),
              digest + ", " + transfer.blob().size() + " bytes"));
    } catch (ImageSpecException e) {
      failed.put(key(to, digest), e);
    }
  }

  private Outcome push(ComposedImage image) {
    RemoteRepository to = image.plan().repository();
    try {
      requireBlobs(image);
      for (RemoteManifest child : image.children()) {
        registry.putManifest(to, child.digest().toString(), child);
      }
      Digest digest;
      boolean pushed = true;
      try {
        registry.putManifest(to, image.plan().tag(), image.top());
        digest = image.top().digest();
      } catch (ImageSpecException e) {
        if (e.code() != FailureCode.TAG_IMMUTABLE) {
          throw e;
        }
        // Another registration pushed the tag since it was asked for.
        digest = adoption.adopt(image).orElseThrow(() -> e);
        pushed = false;
      }
      long bytes = 0;
      for (ComposedImage.Blob blob : image.blobs()) {
        Long sent = uploaded.remove(key(to, blob.source().digest()));
        bytes += sent == null ? 0 : sent;
      }
      listener.on(
          new RegistrationEvent(
              RegistrationEvent.Kind.IMAGE_PUSHED, image.plan().toString(), digest.toString()));
      return new Outcome.Published(image.plan(), digest, pushed, bytes);
    } catch (ImageSpecException e) {
      return new Outcome.Failed(image.plan(), e);
    }
  }

  private void requireBlobs(ComposedImage image) {
    RemoteRepository to = image.plan().repository();
    ImageSpecException missing = unusable.get(to);
    for (ComposedImage.Blob blob : image.blobs()) {
      ImageSpecException failure = failed.get(key(to, blob.source().digest()));
      missing = missing == null ? failure : missing;
    }
    if (missing != null) {
      throw missing;
    }
  }

  private static String key(RemoteRepository repository, Digest digest) {
    return repository + "@" + digest;
  }
}
