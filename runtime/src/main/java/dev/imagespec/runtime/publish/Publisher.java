package dev.imagespec.runtime.publish;

import dev.imagespec.runtime.RegistrationListener;
import dev.imagespec.runtime.compose.BegunImage;
import dev.imagespec.runtime.compose.ImageComposer;
import dev.imagespec.runtime.memory.MachineMemory;
import dev.imagespec.runtime.plan.PlannedImage;
import dev.imagespec.runtime.registry.RegistryClient;
import dev.imagespec.runtime.target.Targets;
import dev.imagespec.runtime.work.Attempt;
import dev.imagespec.runtime.work.Subject;
import dev.imagespec.runtime.work.Workers;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Publishes images: prepares repositories, composes the images, sends blobs, then manifests, and
 * checks the digests that the registry reports. Each step begins as soon as those that it needs are
 * over. An image that fails does not stop the others.
 */
public final class Publisher {
  private final PreparedRepositories repositories;
  private final ImageComposer composer;
  private final Workers transferring;
  private final Workers composing;
  private final RegistrationListener listener;
  private final TransferProgress progress;
  private final BlobFlights flights;
  private final Evidence evidence;
  private final Twins twins;
  private final ImagePush push;

  /**
   * A publisher.
   *
   * @param memory what earlier registrations on this machine saw
   * @param planned all images of the registration: what exists of them need not be sent
   * @param transferring threads that mostly wait for registries
   * @param composing threads that compute
   */
  public Publisher(
      RegistryClient registry,
      Targets targets,
      MachineMemory memory,
      List<PlannedImage> planned,
      PreparedRepositories repositories,
      ImageComposer composer,
      Workers transferring,
      Workers composing,
      RegistrationListener listener) {
    this.repositories = repositories;
    this.composer = composer;
    this.transferring = transferring;
    this.composing = composing;
    this.listener = listener;
    this.progress = new TransferProgress(listener);
    this.flights = new BlobFlights(registry, repositories, transferring, listener, progress);
    this.evidence = new Evidence(registry, targets, memory, planned);
    this.twins = new Twins(planned);
    this.push = new ImagePush(registry, targets);
  }

  /** Publishes images: one attempt for each. */
  public List<Attempt<Published>> publish(List<BegunImage> images) {
    flights.forgetFailures();
    Publication publication = new Publication(this, images);
    List<Attempt<Published>> attempts = new ArrayList<>(publication.run());
    List<BegunImage> doubtful = publication.doubtful();
    if (!doubtful.isEmpty()) {
      Set<Subject> again =
          doubtful.stream().map(image -> image.plan().subject()).collect(Collectors.toSet());
      attempts.removeIf(attempt -> again.contains(attempt.subject()));
      attempts.addAll(publishAgain(doubtful));
    }
    repositories.complete();
    return attempts.stream().map(attempt -> attempt.then(this::completed)).toList();
  }

  /** Publishes images once more whose layers this machine may remember wrongly: builds them all. */
  private List<Attempt<Published>> publishAgain(List<BegunImage> images) {
    composer.distrust();
    flights.forgetFailures();
    return new Publication(this, images).run();
  }

  /** Fails the image if its repository could not be set up as its spec asks. */
  private Published completed(Published published) {
    repositories.require(published.plan().repository());
    return published;
  }

  PreparedRepositories repositories() {
    return repositories;
  }

  ImageComposer composer() {
    return composer;
  }

  Workers transferring() {
    return transferring;
  }

  Workers composing() {
    return composing;
  }

  RegistrationListener listener() {
    return listener;
  }

  TransferProgress progress() {
    return progress;
  }

  BlobFlights flights() {
    return flights;
  }

  Evidence evidence() {
    return evidence;
  }

  Twins twins() {
    return twins;
  }

  ImagePush push() {
    return push;
  }
}
