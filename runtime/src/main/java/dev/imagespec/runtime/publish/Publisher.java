package dev.imagespec.runtime.publish;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.RegistrationEvent;
import dev.imagespec.runtime.RegistrationListener;
import dev.imagespec.runtime.compose.ComposedImage;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.plan.PlannedImage;
import dev.imagespec.runtime.registry.BlobSource;
import dev.imagespec.runtime.registry.RegistryClient;
import dev.imagespec.runtime.target.Targets;
import dev.imagespec.runtime.work.Attempt;
import dev.imagespec.runtime.work.Sizes;
import dev.imagespec.runtime.work.Subject;
import dev.imagespec.runtime.work.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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

  /** A blob's place. */
  private record Place(Repository repository, Digest digest) {}

  /** The outcome of each planned blob: the bytes uploaded for it. */
  private final Map<Place, Attempt<Long>> blobs = new ConcurrentHashMap<>();

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

  /**
   * Publishes images: one attempt for each.
   *
   * @param planned all images of the registration: from those that exist, blobs can be mounted
   */
  public List<Attempt<Published>> publish(List<ComposedImage> images, List<PlannedImage> planned) {
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
    TransferPlan plan = TransferPlan.of(toPush, image -> twin(image.plan(), planned));
    progress.plan(plan);
    plan.layers()
        .forEach(
            (image, layers) -> listener.on(new RegistrationEvent.ImageComposed(image, layers)));
    for (TransferPlan.Wave wave : plan.waves()) {
      workers.forEach(wave.transfers(), this::transfer);
      attempts.addAll(
          workers.map(
              wave.images(), image -> Attempt.at(image.plan().subject(), () -> push(image))));
    }
    repositories.complete();
    return attempts.stream().map(attempt -> attempt.then(this::completed)).toList();
  }

  /** Another repository of the registry that has the same image, for example from a killed run. */
  private static Optional<Repository> twin(PlannedImage image, List<PlannedImage> planned) {
    return planned.stream()
        .filter(other -> other.isReused() && other.fingerprint().equals(image.fingerprint()))
        .map(PlannedImage::repository)
        .filter(other -> other.registry().equals(image.repository().registry()))
        .filter(other -> !other.equals(image.repository()))
        .findFirst();
  }

  /** Fails the image if its repository could not be set up as its spec asks. */
  private Published completed(Published published) {
    repositories.require(published.plan().repository());
    return published;
  }

  private Published compare(ComposedImage image) {
    return adoption
        .adopt(image)
        .map(existing -> Published.of(image.plan(), existing, List.of(), false, 0))
        .orElseThrow(
            () ->
                new ImageSpecException(
                    FailureCode.PROTOCOL,
                    "The tag " + image.plan() + " was deleted meanwhile. Register again."));
  }

  private void transfer(TransferPlan.Transfer transfer) {
    Place place = new Place(transfer.to(), transfer.blob().digest());
    try (TransferProgress.Tracked blob = progress.track(transfer)) {
      // An image of an earlier publication may have brought it.
      if (!(blobs.get(place) instanceof Attempt.Done)) {
        blobs.put(place, Attempt.at(subject(transfer.to()), () -> transfer(transfer, blob)));
      }
    }
  }

  private static Subject subject(Repository repository) {
    return new Subject(List.of(), repository);
  }

  /** Has a repository get a blob; returns the bytes that went up for it. */
  private long transfer(TransferPlan.Transfer transfer, BlobSource blob) {
    Repository to = transfer.to();
    repositories.require(to);
    try {
      if (transfer.mountFrom().isPresent()) {
        if (registry.uploads().mountOrUpload(to, transfer.mountFrom().get(), blob)) {
          return 0;
        }
      } else if (!repositories.isNew(to)
          && registry.blobs().exists(to, blob.digest(), blob.size())) {
        return 0;
      } else {
        registry.uploads().upload(to, blob);
      }
    } catch (ImageSpecException e) {
      throw repositories.explained(to, e);
    }
    listener.on(new RegistrationEvent.BlobUploaded(to, blob.digest(), blob.size()));
    return blob.size();
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
    repositories.require(to);
    for (ComposedImage.Blob blob : image.blobs()) {
      blobs.getOrDefault(place(to, blob), nothing(to)).get();
    }
    image.children().forEach(child -> put(to, child));
    Optional<RawManifest> faster = faster(image).or(() -> tag(image));
    RawManifest top = faster.orElse(image.top());
    long bytes = 0;
    for (ComposedImage.Blob blob : image.blobs()) {
      // A blob that several images share counts for one of them.
      Attempt<Long> sent = blobs.put(place(to, blob), nothing(to));
      bytes = Sizes.sum(bytes, sent == null ? 0 : sent.get());
    }
    listener.on(new RegistrationEvent.ImagePushed(to.image(image.plan().tag()), top.digest()));
    return Published.of(
        image.plan(),
        top,
        faster.isEmpty() ? image.children() : List.of(),
        faster.isEmpty(),
        bytes);
  }

  /**
   * Pushes a platform's manifest by its digest. A registry that lets nothing be written twice has
   * it already.
   */
  private void put(Repository to, RawManifest child) {
    String digest = child.digest().toString();
    try {
      registry.manifests().put(to, digest, child);
    } catch (ImageSpecException e) {
      if (!Adoption.mayExist(e) || registry.manifests().digest(to, digest).isEmpty()) {
        throw e;
      }
    }
  }

  /**
   * The image of another registration that built the same environment at the same time. Steps give
   * other bytes each time, so the images differ; the first one pushed is everybody's.
   */
  private Optional<RawManifest> faster(ComposedImage image) {
    return image.onNewEnvironment()
        ? registry.manifests().get(image.plan().repository(), image.plan().tag())
        : Optional.empty();
  }

  /**
   * Pushes what the tag will name; returns the equal image that another registration pushed first.
   */
  private Optional<RawManifest> tag(ComposedImage image) {
    Repository to = image.plan().repository();
    String tag = image.plan().tag();
    try {
      registry.manifests().put(to, tag, image.top());
      return Optional.empty();
    } catch (ImageSpecException e) {
      if (!Adoption.mayExist(e)) {
        throw e;
      }
      // Another registration has pushed the tag since it was checked, or this one has, and the
      // answer got lost. Registries refuse a second time in different ways.
      return Optional.of(existing(image, e));
    }
  }

  /**
   * The equal image that a tag names which could not be written.
   *
   * @param refusal why not, which is thrown if there is none
   */
  private RawManifest existing(ComposedImage image, ImageSpecException refusal) {
    Optional<RawManifest> existing;
    try {
      existing = adoption.adopt(image);
    } catch (ImageSpecException e) {
      if (refusal.code() == FailureCode.TAG_IMMUTABLE || e.code() == FailureCode.TAG_IMMUTABLE) {
        throw e;
      }
      // That the tag cannot be read either says nothing new.
      refusal.addSuppressed(e);
      throw refusal;
    }
    return existing.orElseThrow(
        () -> unreadable(image.plan().repository(), image.plan().tag()).orElse(refusal));
  }

  /** Why a tag that may not be written cannot be read either. */
  private Optional<ImageSpecException> unreadable(Repository repository, String tag) {
    return targets.of(repository.registry()).archived(repository, tag);
  }

  private static Place place(Repository repository, ComposedImage.Blob blob) {
    return new Place(repository, blob.source().digest());
  }

  private static Attempt<Long> nothing(Repository repository) {
    return new Attempt.Done<>(subject(repository), 0L);
  }
}
