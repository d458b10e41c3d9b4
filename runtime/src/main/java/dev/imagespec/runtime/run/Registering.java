package dev.imagespec.runtime.run;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import dev.imagespec.runtime.Comparison;
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
import dev.imagespec.runtime.record.History;
import dev.imagespec.runtime.record.LastRegistrations;
import dev.imagespec.runtime.record.RecordedInputs;
import dev.imagespec.runtime.record.Registrars;
import dev.imagespec.runtime.report.Report;
import dev.imagespec.runtime.report.Stack;
import dev.imagespec.runtime.resolve.Drafter;
import dev.imagespec.runtime.resolve.ImageInputs;
import dev.imagespec.runtime.work.AtomicFile;
import dev.imagespec.runtime.work.Attempt;
import dev.imagespec.runtime.work.Workers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Registers tasks: plans, builds what is missing, writes the record, and calls the task registrars.
 */
public final class Registering {
  /** How many lines of what changed the event of an image has. */
  private static final int MOST_LINES = 6;

  private final Session session;
  private final Settings settings;
  private final RegistrationListener listener;
  private final Iterable<TaskRegistrar> registrars;
  private final boolean reportsOnlyWork;

  /** The layers that were uploaded. */
  private final Set<Digest> sent = ConcurrentHashMap.newKeySet();

  /**
   * A registration.
   *
   * @param reportsOnlyWork whether a registration that builds nothing writes no report
   */
  public Registering(
      Session session,
      Settings settings,
      RegistrationListener listener,
      Iterable<TaskRegistrar> registrars,
      boolean reportsOnlyWork) {
    this.session = session;
    this.settings = settings;
    this.listener =
        event -> {
          if (event instanceof RegistrationEvent.BlobUploaded blob) {
            sent.add(blob.digest());
          }
          listener.on(event);
        };
    this.registrars = registrars;
    this.reportsOnlyWork = reportsOnlyWork;
  }

  /**
   * Registers the tasks of a catalog.
   *
   * @throws ImageSpecException if a setting, a manifest, the lock or a file is wrong (then nothing
   *     was sent anywhere), or if the lock cannot be written
   */
  public Registration register(Catalog catalog) {
    long start = System.nanoTime();
    settings.record().ifPresent(AtomicFile::require);
    settings.report().ifPresent(AtomicFile::require);
    Registrars called =
        new Registrars(
            registrars,
            settings,
            catalog,
            new Drafter(settings, session.targets(), session.memory(listener))::target,
            listener);
    called.check();
    PlannedImages planned = PlannedImages.of(catalog, session, settings, session.memory(listener));
    // All files were read. What is known of them would take room while layers are built.
    session.memory(listener).save();
    if (planned.lock().write()) {
      listener.on(new RegistrationEvent.LockWritten(planned.lock().file()));
    }
    List<PlannedImage> all = planned.images();
    listener.on(
        new RegistrationEvent.ImagesPlanned(
            all.size(), (int) all.stream().filter(image -> !image.isReused()).count()));
    PlannedInputs inputs = new PlannedInputs(planned.lock());
    History history = History.of(settings, listener);
    IdentityHashMap<PlannedImage, List<String>> reasons = reasons(planned, inputs, history);
    List<Attempt<?>> failed = new ArrayList<>(planned.attempts());
    IdentityHashMap<PlannedImage, Registration.Image> images = new IdentityHashMap<>();
    IdentityHashMap<PlannedImage, Published> published = new IdentityHashMap<>();
    for (Attempt<Published> attempt : publish(planned, reasons)) {
      if (attempt instanceof Attempt.Done<Published> done) {
        images.put(done.value().plan(), image(done.value()));
        published.put(done.value().plan(), done.value());
      } else {
        failed.add(attempt);
      }
    }
    List<Failure> failures = Attempt.failures(failed);
    failures.forEach(failure -> listener.on(new RegistrationEvent.ImageFailed(failure)));
    List<Registration.Image> inOrder =
        planned.images().stream().filter(images::containsKey).map(images::get).toList();
    remember(all, images, inputs, history);
    session.memory(listener).save();
    boolean isWork = !failures.isEmpty() || published.values().stream().anyMatch(Published::pushed);
    Optional<Attempt<Report>> report =
        reportsOnlyWork && !isWork ? Optional.empty() : report(planned, published, reasons);
    return recorded(
        called,
        report,
        new Registration(
            inOrder,
            List.of(),
            failures,
            session.requests(),
            Duration.ofNanos(System.nanoTime() - start),
            settings.record().isEmpty()
                ? Map.of()
                : RecordedInputs.toJson(byFingerprint(images.keySet(), inputs))));
  }

  /** Why each image is built: also what changed since its tasks were registered last. */
  private IdentityHashMap<PlannedImage, List<String>> reasons(
      PlannedImages planned, PlannedInputs inputs, History history) {
    IdentityHashMap<PlannedImage, List<String>> reasons = new IdentityHashMap<>();
    List<PlannedImage> built =
        planned.images().stream().filter(image -> !image.isReused()).toList();
    if (built.isEmpty()) {
      return reasons;
    }
    Comparing comparing = new Comparing(LastRegistrations.of(settings, history, listener), inputs);
    for (PlannedImage image : built) {
      List<String> why = new ArrayList<>(image.reasons());
      for (Comparison comparison : comparing.of(image, "")) {
        why.addAll(
            comparison
                .reason(image.tasks())
                .map(List::of)
                .orElseGet(() -> shortened(comparison.lines())));
      }
      reasons.put(image, why);
    }
    return reasons;
  }

  private static List<String> shortened(List<String> lines) {
    List<String> shortened = new ArrayList<>(lines.stream().limit(MOST_LINES).toList());
    if (lines.size() > MOST_LINES) {
      shortened.add("and more");
    }
    return shortened;
  }

  private static Map<String, ImageInputs> byFingerprint(
      Collection<PlannedImage> images, PlannedInputs inputs) {
    Map<String, ImageInputs> byFingerprint = new TreeMap<>();
    images.forEach(image -> byFingerprint.put(image.fingerprint().toString(), inputs.of(image)));
    return byFingerprint;
  }

  /** Keeps what is registered now in the history, for the next plan. */
  private static void remember(
      List<PlannedImage> all,
      IdentityHashMap<PlannedImage, Registration.Image> images,
      PlannedInputs inputs,
      History history) {
    List<History.Entry> entries = new ArrayList<>();
    for (PlannedImage planned : all) {
      Registration.Image image = images.get(planned);
      if (image != null) {
        for (String task : image.tasks()) {
          entries.add(
              new History.Entry(
                  image.repository(),
                  task,
                  image.reference(),
                  image.fingerprint(),
                  inputs.of(planned)));
        }
      }
    }
    if (!entries.isEmpty()) {
      history.write(entries);
    }
  }

  private List<Attempt<Published>> publish(
      PlannedImages planned, IdentityHashMap<PlannedImage, List<String>> reasons) {
    try (Workers workers = new Workers(settings.parallelism())) {
      PreparedRepositories repositories =
          new PreparedRepositories(session.targets(), session.memory(listener), listener);
      List<PlannedImage> reused = planned.images().stream().filter(PlannedImage::isReused).toList();
      repositories.prepare(reused.stream().filter(repositories::isAskedFor).toList());
      List<Attempt<Published>> attempts = new ArrayList<>();
      for (PlannedImage image : reused) {
        attempts.add(Attempt.at(image.subject(), () -> reused(image, repositories)));
      }
      attempts.addAll(
          new Building(
                  session, settings, workers, planned.planner(), repositories, listener, reasons)
              .build(planned.images()));
      Tagging tagging = new Tagging(session.registry(), listener);
      return workers.map(attempts, attempt -> attempt.then(tagging::tag));
    }
  }

  private Published reused(PlannedImage image, PreparedRepositories repositories) {
    repositories.require(image.repository());
    listener.on(
        new RegistrationEvent.ImageReused(image.repository().image(image.tag()), image.tasks()));
    return Published.reused(image);
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

  /** What the page shows of the images, if one is wanted. */
  private Optional<Attempt<Report>> report(
      PlannedImages planned,
      IdentityHashMap<PlannedImage, Published> images,
      IdentityHashMap<PlannedImage, List<String>> reasons) {
    return new Reporting(session, settings)
        .of(
            Report.Kind.REGISTRATION,
            planned,
            Building.basesFirst(planned.images()).stream()
                .flatMap(image -> Optional.ofNullable(images.get(image)).stream())
                .map(image -> shown(image, reasons.getOrDefault(image.plan(), List.of())))
                .toList(),
            Map.of(),
            new Report.Traffic(sent, Set.of()));
  }

  private static Reporting.Shown shown(Published published, List<String> reasons) {
    PlannedImage image = published.plan();
    return new Reporting.Shown(
        new Stack.Wanted(image, Optional.of(published.digest()), published.read()),
        published.pushed() ? Report.Action.BUILT : Report.Action.REUSED,
        published.platforms(),
        reasons.stream()
            .map(reason -> new Report.Change(Report.Change.Effect.REASON, reason))
            .toList(),
        published.bytesUploaded());
  }

  private Registration recorded(
      Registrars called, Optional<Attempt<Report>> report, Registration registration) {
    List<Failure> failures = new ArrayList<>();
    settings.record().ifPresent(file -> write(file, registration).ifPresent(failures::add));
    Registration registered = called.register(registration);
    if (failures.isEmpty() && !registered.registrations().isEmpty()) {
      // The images are recorded first, so that nothing is lost if a platform does not answer.
      settings.record().ifPresent(file -> write(file, registered).ifPresent(failures::add));
    }
    Registration recorded = registered.with(registered.registrations(), failures);
    return report
        .map(page -> page.then(shown -> shown.with(recorded)))
        .flatMap(new Reporting(session, settings)::write)
        .map(failure -> recorded.with(recorded.registrations(), List.of(failure)))
        .orElse(recorded);
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
