package dev.imagespec.runtime.publish;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.RegistrationEvent;
import dev.imagespec.runtime.RegistrationListener;
import dev.imagespec.runtime.compose.ComposedImage;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.registry.BlobSource;
import dev.imagespec.runtime.registry.RegistryClient;
import dev.imagespec.runtime.target.Targets;
import dev.imagespec.runtime.work.Attempt;
import dev.imagespec.runtime.work.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Executes a transfer plan: prepares repositories, sends blobs, then manifests, then checks the
 * digest that the registry reports. An image that fails does not stop the others.
 */
public final class Publisher {
  private final RegistryClient registry;
  private final Targets targets;
  private final PreparedRepositories repositories;
  private final Workers workers;
  private final Adoption adoption;
  private final RegistrationListener listener;
  private final TransferProgress progress;

  /** Uploaded bytes, and failures, by repository and digest. */
  private final Map<String, Long> uploaded = new ConcurrentHashMap<>();

  /** Blobs that repositories have for certain, by repository and digest. */
  private final Set<String> present = ConcurrentHashMap.newKeySet();

  private final Map<String, ImageSpecException> failed = new ConcurrentHashMap<>();

  public Publisher(
      RegistryClient registry,
      Targets targets,
      PreparedRepositories repositories,
      Workers workers,
      RegistrationListener listener) {
    this.registry = registry;
    this.targets = targets;
    this.repositories = repositories;
    this.workers = workers;
    this.adoption = new Adoption(registry);
    this.listener = listener;
    this.progress = new TransferProgress(listener);
  }

  /** Publishes images: one attempt for each. */
  public List<Attempt<Published>> publish(List<ComposedImage> images) {
    List<Attempt<Published>> attempts = new ArrayList<>();
    List<ComposedImage> toPush = new ArrayList<>();
    for (ComposedImage image : images) {
      // A forced build: its tag exists, and is never overwritten.
      if (image.plan().existing().isPresent()) {
        attempts.add(Attempt.at(image.plan().subject(), () -> compare(image)));
      } else {
        toPush.add(image);
      }
    }
    repositories.prepare(toPush.stream().map(ComposedImage::plan).toList());
    TransferPlan plan = TransferPlan.of(toPush);
    progress.plan(plan);
    for (TransferPlan.Wave wave : plan.waves()) {
      workers.forEach(wave.transfers(), this::transfer);
      attempts.addAll(
          workers.map(
              wave.images(), image -> Attempt.at(image.plan().subject(), () -> push(image))));
    }
    repositories.complete();
    return attempts.stream().map(attempt -> attempt.then(this::completed)).toList();
  }

  /** Fails the image if its repository could not be set up as its spec asks. */
  private Published completed(Published published) {
    repositories
        .failure(published.plan().repository())
        .ifPresent(
            cause -> {
              throw cause;
            });
    return published;
  }

  private Published compare(ComposedImage image) {
    return adoption
        .adopt(image)
        .map(existing -> Published.of(image.plan(), existing, false, 0))
        .orElseThrow(
            () ->
                new ImageSpecException(
                    FailureCode.PROTOCOL,
                    "The tag " + image.plan() + " was deleted meanwhile. Register again."));
  }

  private void transfer(TransferPlan.Transfer transfer) {
    try (TransferProgress.Tracked blob = progress.track(transfer)) {
      transfer(transfer, blob);
    }
  }

  private void transfer(TransferPlan.Transfer transfer, BlobSource blob) {
    Repository to = transfer.to();
    Digest digest = blob.digest();
    if (repositories.failure(to).isPresent() || present.contains(key(to, digest))) {
      return;
    }
    try {
      if (transfer.mountFrom().isPresent()) {
        if (registry.uploads().mountOrUpload(to, transfer.mountFrom().get(), blob)) {
          present.add(key(to, digest));
          return;
        }
      } else if (!repositories.isNew(to) && registry.blobs().exists(to, digest)) {
        present.add(key(to, digest));
        return;
      } else {
        registry.uploads().upload(to, blob);
      }
      present.add(key(to, digest));
      uploaded.put(key(to, digest), blob.size());
      listener.on(new RegistrationEvent.BlobUploaded(to, digest, blob.size()));
    } catch (ImageSpecException e) {
      failed.put(key(to, digest), repositories.explained(to, e));
    }
  }

  private Published push(ComposedImage image) {
    try {
      return pushed(image);
    } catch (ImageSpecException e) {
      throw repositories.explained(image.plan().repository(), e);
    }
  }

  private Published pushed(ComposedImage image) {
    Repository to = image.plan().repository();
    requireBlobs(image);
    for (RawManifest child : image.children()) {
      registry.manifests().put(to, child.digest().toString(), child);
    }
    RawManifest top = image.top();
    boolean pushed = true;
    try {
      registry.manifests().put(to, image.plan().tag(), top);
    } catch (ImageSpecException e) {
      if (e.code() != FailureCode.TAG_IMMUTABLE) {
        throw e;
      }
      // Another registration has pushed the tag since it was checked.
      top = adoption.adopt(image).orElseThrow(() -> unreadable(to, image.plan().tag()).orElse(e));
      pushed = false;
    }
    long bytes = 0;
    for (ComposedImage.Blob blob : image.blobs()) {
      Long sent = uploaded.remove(key(to, blob.source().digest()));
      bytes += sent == null ? 0 : sent;
    }
    listener.on(new RegistrationEvent.ImagePushed(to.image(image.plan().tag()), top.digest()));
    return Published.of(image.plan(), top, pushed, bytes);
  }

  /** Why a tag that may not be written cannot be read either. */
  private Optional<ImageSpecException> unreadable(Repository repository, String tag) {
    return targets.of(repository.registry()).archived(repository, tag);
  }

  private void requireBlobs(ComposedImage image) {
    Repository to = image.plan().repository();
    ImageSpecException missing = repositories.failure(to).orElse(null);
    for (ComposedImage.Blob blob : image.blobs()) {
      ImageSpecException failure = failed.get(key(to, blob.source().digest()));
      missing = missing == null ? failure : missing;
    }
    if (missing != null) {
      throw missing;
    }
  }

  private static String key(Repository repository, Digest digest) {
    return repository + "@" + digest;
  }
}
