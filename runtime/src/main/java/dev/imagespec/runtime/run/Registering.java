package dev.imagespec.runtime.run;

import dev.imagespec.model.Platform;
import dev.imagespec.runtime.Failure;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.Registration;
import dev.imagespec.runtime.RegistrationEvent;
import dev.imagespec.runtime.RegistrationListener;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.TaskRegistrar;
import dev.imagespec.runtime.catalog.Catalog;
import dev.imagespec.runtime.plan.PlannedImage;
import dev.imagespec.runtime.plan.PlannedTag;
import dev.imagespec.runtime.publish.PreparedRepositories;
import dev.imagespec.runtime.publish.Published;
import dev.imagespec.runtime.publish.Tagging;
import dev.imagespec.runtime.record.Registrars;
import dev.imagespec.runtime.resolve.AtomicFile;
import dev.imagespec.runtime.work.Attempt;
import dev.imagespec.runtime.work.Workers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Registers tasks: plans, builds what is missing, writes the record, and calls the task registrars.
 */
public final class Registering {
  private final Session session;
  private final Settings settings;
  private final RegistrationListener listener;
  private final Iterable<TaskRegistrar> registrars;

  public Registering(
      Session session,
      Settings settings,
      RegistrationListener listener,
      Iterable<TaskRegistrar> registrars) {
    this.session = session;
    this.settings = settings;
    this.listener = listener;
    this.registrars = registrars;
  }

  /**
   * Registers the tasks of a catalog.
   *
   * @throws ImageSpecException if a setting, a manifest, the lock or a file is wrong (then nothing
   *     was sent anywhere), or if the lock cannot be written
   */
  public Registration register(Catalog catalog) {
    long start = System.nanoTime();
    PlannedImages planned = PlannedImages.of(catalog, session, settings);
    if (planned.lock().write()) {
      listener.on(new RegistrationEvent.LockWritten(planned.lock().file()));
    }
    List<PlannedImage> all = planned.images();
    listener.on(
        new RegistrationEvent.ImagesPlanned(
            all.size(), (int) all.stream().filter(image -> !image.isReused()).count()));
    List<Attempt<?>> failed = new ArrayList<>(planned.attempts());
    Map<PlannedImage, Registration.Image> images = new LinkedHashMap<>();
    for (Attempt<Published> attempt : publish(planned)) {
      if (attempt instanceof Attempt.Done<Published> done) {
        images.put(done.value().plan(), image(done.value()));
      } else {
        failed.add(attempt);
      }
    }
    List<Failure> failures = Attempt.failures(failed);
    failures.forEach(failure -> listener.on(new RegistrationEvent.ImageFailed(failure)));
    List<Registration.Image> inOrder =
        planned.images().stream().filter(images::containsKey).map(images::get).toList();
    return recorded(
        catalog,
        new Registration(
            inOrder,
            List.of(),
            failures,
            session.requests(),
            Duration.ofNanos(System.nanoTime() - start)));
  }

  private List<Attempt<Published>> publish(PlannedImages planned) {
    try (Workers workers = new Workers(settings.parallelism())) {
      PreparedRepositories repositories = new PreparedRepositories(session.targets(), listener);
      List<PlannedImage> reused = planned.images().stream().filter(PlannedImage::isReused).toList();
      repositories.prepare(reused.stream().filter(repositories::isAskedFor).toList());
      List<Attempt<Published>> attempts = new ArrayList<>();
      for (PlannedImage image : reused) {
        attempts.add(Attempt.at(image.subject(), () -> reused(image, repositories)));
      }
      attempts.addAll(
          new Building(session, settings, workers, planned.planner(), repositories, listener)
              .build(planned.images()));
      Tagging tagging = new Tagging(session.registry(), listener);
      return workers.map(attempts, attempt -> attempt.then(tagging::tag));
    }
  }

  private Published reused(PlannedImage image, PreparedRepositories repositories) {
    repositories.require(image.repository());
    listener.on(
        new RegistrationEvent.ImageReused(image.repository().image(image.tag()), image.tasks()));
    return new Published(
        image, image.existing().orElseThrow(), image.platforms(), Optional.empty(), false, 0);
  }

  private static Registration.Image image(Published published) {
    PlannedImage image = published.plan();
    return new Registration.Image(
        image.repository().image(published.digest()).toString(),
        image.repository().toString(),
        image.tag(),
        image.fingerprint().toString(),
        published.pushed() ? Registration.Action.BUILT : Registration.Action.REUSED,
        image.spec().base().platforms().stream().map(Platform::toString).toList(),
        published.platforms(),
        image.tasks(),
        published.bytesUploaded(),
        image.tags().stream().map(PlannedTag::name).toList());
  }

  private Registration recorded(Catalog catalog, Registration registration) {
    List<Failure> failures = new ArrayList<>();
    settings.record().ifPresent(file -> write(file, registration).ifPresent(failures::add));
    Registration registered =
        new Registrars(settings, catalog.manifests(), listener).call(registrars, registration);
    return registered.with(registered.registrations(), failures);
  }

  /** A record that cannot be written loses nothing: the caller still gets the registration. */
  private Optional<Failure> write(Path record, Registration registration) {
    try {
      AtomicFile.write(
          record,
          registration
              .toRecord(settings.source().orElse(""), settings.revision().orElse(""))
              .toJson());
      return Optional.empty();
    } catch (ImageSpecException e) {
      return Optional.of(
          new Failure(
              List.of(),
              "",
              e.code(),
              (registration.images().isEmpty()
                      ? "The record is not written: "
                      : "The images are pushed, but the record is not written: ")
                  + e.getMessage()));
    }
  }
}
