package dev.imagespec.runtime.publish;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.RegistrationEvent;
import dev.imagespec.runtime.RegistrationListener;
import dev.imagespec.runtime.compose.ComposedImage;
import dev.imagespec.runtime.registry.BlobSource;
import dev.imagespec.runtime.registry.RegistryClient;
import dev.imagespec.runtime.work.Attempt;
import dev.imagespec.runtime.work.Sizes;
import dev.imagespec.runtime.work.Subject;
import dev.imagespec.runtime.work.Workers;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/** Brings blobs to repositories, each once, however many images need it there. */
final class BlobFlights {
  /** A blob's place. */
  private record Place(Repository repository, Digest digest) {}

  /**
   * A blob that is in its repository.
   *
   * @param bytes how many went up for it
   * @param isBelieved whether the registry was not asked for it
   */
  record Arrival(long bytes, boolean isBelieved) {
    private static final Arrival THERE = new Arrival(0, false);
    private static final Arrival BELIEVED = new Arrival(0, true);
  }

  private final RegistryClient registry;
  private final PreparedRepositories repositories;
  private final Workers workers;
  private final RegistrationListener listener;
  private final TransferProgress progress;
  private final Map<Place, CompletableFuture<Attempt<Arrival>>> flights = new ConcurrentHashMap<>();

  /** The blobs whose bytes count for an image already. */
  private final Set<Place> counted = ConcurrentHashMap.newKeySet();

  BlobFlights(
      RegistryClient registry,
      PreparedRepositories repositories,
      Workers workers,
      RegistrationListener listener,
      TransferProgress progress) {
    this.registry = registry;
    this.repositories = repositories;
    this.workers = workers;
    this.listener = listener;
    this.progress = progress;
  }

  /** Lets blobs be tried again that an earlier publication could not bring. */
  void forgetFailures() {
    flights.values().removeIf(flight -> flight.isDone() && flight.join() instanceof Attempt.Failed);
  }

  /** All flights that have begun: also those whose image has failed already. */
  CompletableFuture<Void> all() {
    return CompletableFuture.allOf(flights.values().toArray(CompletableFuture[]::new));
  }

  /**
   * Brings a blob to a repository, unless that has begun already.
   *
   * @param content what is known of the repository, as soon as that is
   * @param after what is over before the blob can be mounted
   */
  CompletableFuture<Attempt<Arrival>> bring(
      Repository to,
      BlobSource blob,
      Routes.Route route,
      CompletableFuture<Content> content,
      CompletableFuture<?> after) {
    CompletableFuture<Attempt<Arrival>> own = new CompletableFuture<>();
    CompletableFuture<Attempt<Arrival>> first =
        flights.putIfAbsent(new Place(to, blob.digest()), own);
    if (first != null) {
      return first;
    }
    TransferProgress.Tracked tracked = progress.track(to, blob);
    CompletableFuture<?> unused =
        content
            .thenCompose(
                known ->
                    known.isBelieved(blob.digest())
                        ? CompletableFuture.completedFuture(known)
                        : after.thenApply(over -> known))
            .thenApplyAsync(known -> arrive(to, tracked, route, known), workers)
            .whenComplete((arrival, failure) -> complete(own, arrival, failure));
    return own;
  }

  static <T> void complete(CompletableFuture<T> stage, T value, Throwable failure) {
    if (failure == null) {
      stage.complete(value);
    } else {
      stage.completeExceptionally(failure);
    }
  }

  private Attempt<Arrival> arrive(
      Repository to, TransferProgress.Tracked tracked, Routes.Route route, Content content) {
    try (tracked) {
      return Attempt.at(
          new Subject(java.util.List.of(), to), () -> bring(to, tracked, route, content));
    }
  }

  /** Has a repository get a blob. */
  private Arrival bring(Repository to, BlobSource blob, Routes.Route route, Content content) {
    repositories.require(to);
    content.require();
    Digest digest = blob.digest();
    content.requireSize(to, blob);
    if (content.isBelieved(digest)) {
      return Arrival.BELIEVED;
    }
    if (content.isConfirmed(digest)) {
      return Arrival.THERE;
    }
    try {
      if (route.from().isPresent()) {
        if (registry.uploads().mountOrUpload(to, route.from().get(), blob)) {
          return Arrival.THERE;
        }
      } else if (repositories.isNew(to) || content.isMissing(digest)) {
        registry.uploads().upload(to, blob);
      } else if (!sendIfMissing(to, blob)) {
        return Arrival.THERE;
      }
    } catch (ImageSpecException e) {
      throw repositories.explained(to, e);
    }
    listener.on(new RegistrationEvent.BlobUploaded(to, digest, blob.size()));
    return new Arrival(blob.size(), false);
  }

  /** Asks for a blob, and sends it if it is not there. Returns whether it was sent. */
  private boolean sendIfMissing(Repository to, BlobSource blob) {
    if (registry.blobs().exists(to, blob.digest(), blob.size())) {
      return false;
    }
    registry.uploads().upload(to, blob);
    return true;
  }

  /**
   * Lets a blob be brought again that was only believed to be there, and is not.
   *
   * @param arrived how it was brought
   */
  void disbelieve(Repository to, BlobSource blob, CompletableFuture<Attempt<Arrival>> arrived) {
    if (arrived.join() instanceof Attempt.Done<Arrival> done && done.value().isBelieved()) {
      flights.remove(new Place(to, blob.digest()), arrived);
    }
  }

  /** The bytes that went up for an image's blobs. Those of a shared blob count for one image. */
  long count(ComposedImage image) {
    long bytes = 0;
    Repository to = image.plan().repository();
    for (ComposedImage.Blob blob : image.blobs()) {
      Place place = new Place(to, blob.source().digest());
      CompletableFuture<Attempt<Arrival>> flight = flights.get(place);
      if (flight != null && counted.add(place)) {
        bytes = Sizes.sum(bytes, flight.join().get().bytes());
      }
    }
    return bytes;
  }
}
