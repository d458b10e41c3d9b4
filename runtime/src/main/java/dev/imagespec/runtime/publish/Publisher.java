package dev.imagespec.runtime.publish;

import dev.imagespec.model.Digest;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.RegistrationEvent;
import dev.imagespec.runtime.RegistrationListener;
import dev.imagespec.runtime.compose.ComposedImage;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.registry.RegistryClient;
import dev.imagespec.runtime.registry.RemoteRepository;
import dev.imagespec.runtime.registry.ecr.EcrRegistries;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Executes a transfer plan: has its repositories there, sends blobs, then manifests, then checks
 * what the registry says it has. An image that fails does not hold up the others.
 */
public final class Publisher {
  private final RegistryClient registry;
  private final EcrRegistries ecr;
  private final Repositories repositories;
  private final Workers workers;
  private final Adoption adoption;
  private final RegistrationListener listener;

  /** Bytes that went up, and failures, by repository and digest. */
  private final Map<String, Long> uploaded = new ConcurrentHashMap<>();

  /** Blobs that repositories are known to have, by repository and digest. */
  private final Set<String> present = ConcurrentHashMap.newKeySet();

  private final Map<String, ImageSpecException> failed = new ConcurrentHashMap<>();

  public Publisher(
      RegistryClient registry,
      EcrRegistries ecr,
      Repositories repositories,
      Workers workers,
      RegistrationListener listener) {
    this.registry = registry;
    this.ecr = ecr;
    this.repositories = repositories;
    this.workers = workers;
    this.adoption = new Adoption(registry);
    this.listener = listener;
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
    repositories.prepare(toPush.stream().map(ComposedImage::plan).toList());
    for (TransferPlan.Wave wave : TransferPlan.of(toPush).waves()) {
      workers.forEach(wave.transfers(), this::transfer);
      outcomes.addAll(workers.map(wave.images(), this::push));
    }
    repositories.complete();
    return outcomes.stream().map(this::afterCompletion).toList();
  }

  /** An image whose repository could not be given what its spec asks for is not registered. */
  private Outcome afterCompletion(Outcome outcome) {
    return outcome instanceof Outcome.Published done
        ? repositories
            .failure(done.plan().repository())
            .<Outcome>map(cause -> new Outcome.Failed(done.plan(), cause))
            .orElse(outcome)
        : outcome;
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

  private void transfer(TransferPlan.Transfer transfer) {
    RemoteRepository to = transfer.to();
    Digest digest = transfer.blob().digest();
    if (repositories.failure(to).isPresent() || present.contains(key(to, digest))) {
      return;
    }
    try {
      if (transfer.mountFrom().isPresent()) {
        if (registry.mountOrUpload(to, transfer.mountFrom().get(), transfer.blob())) {
          present.add(key(to, digest));
          return;
        }
      } else if (!repositories.isNew(to) && registry.hasBlob(to, digest)) {
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
      failed.put(key(to, digest), repositories.explained(to, e));
    }
  }

  private Outcome push(ComposedImage image) {
    RemoteRepository to = image.plan().repository();
    try {
      requireBlobs(image);
      for (RawManifest child : image.children()) {
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
        digest =
            adoption.adopt(image).orElseThrow(() -> ecr.archived(to, image.plan().tag()).orElse(e));
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
      return new Outcome.Failed(image.plan(), repositories.explained(to, e));
    }
  }

  private void requireBlobs(ComposedImage image) {
    RemoteRepository to = image.plan().repository();
    ImageSpecException missing = repositories.failure(to).orElse(null);
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
