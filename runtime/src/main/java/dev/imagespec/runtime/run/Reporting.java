package dev.imagespec.runtime.run;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.Failure;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.plan.HostedEnvironment;
import dev.imagespec.runtime.plan.PlannedEnvironment;
import dev.imagespec.runtime.registry.StoredImage;
import dev.imagespec.runtime.report.LayerReader;
import dev.imagespec.runtime.report.Report;
import dev.imagespec.runtime.report.ReportPage;
import dev.imagespec.runtime.report.Stack;
import dev.imagespec.runtime.report.Stacks;
import dev.imagespec.runtime.work.AtomicFile;
import dev.imagespec.runtime.work.Attempt;
import dev.imagespec.runtime.work.Subject;
import dev.imagespec.runtime.work.Workers;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Makes the page about a registration or a plan. What its registry does not tell is missing from
 * the page, which says so; no image fails for that.
 */
final class Reporting {
  private final Session session;
  private final Settings settings;

  Reporting(Session session, Settings settings) {
    this.session = session;
    this.settings = settings;
  }

  /**
   * An image to show.
   *
   * @param wanted the image
   * @param action what happened to it, or would
   * @param platforms the digest of each platform's manifest
   * @param changes why, and what is other than before
   * @param bytesUploaded the bytes that were uploaded for it
   */
  record Shown(
      Stack.Wanted wanted,
      Report.Action action,
      Map<Platform, Digest> platforms,
      List<Report.Change> changes,
      long bytesUploaded) {}

  /**
   * Finds out what the page shows, if one is wanted. Asks the registries for manifests that are not
   * at hand, and for what they tell of images besides.
   *
   * @param planned all that was planned
   * @param images the images, bases before images based on them
   * @param environments what is known of environments of images that do not exist
   * @param traffic what travelled, or would
   * @return empty if no page is wanted
   */
  Optional<Attempt<Report>> of(
      Report.Kind kind,
      PlannedImages planned,
      List<Shown> images,
      Map<HostedEnvironment, PlannedEnvironment> environments,
      Report.Traffic traffic) {
    return settings
        .report()
        .map(
            file ->
                Attempt.at(
                    Subject.of(planned.attempts().stream().map(Attempt::subject).toList()),
                    () -> report(kind, images, environments, traffic)));
  }

  private Report report(
      Report.Kind kind,
      List<Shown> images,
      Map<HostedEnvironment, PlannedEnvironment> environments,
      Report.Traffic traffic) {
    try (Workers workers = new Workers(settings.parallelism())) {
      Stacks stacks = new Stacks(new LayerReader(session.registry()), environments);
      List<Stack> stacked = stacks.of(images.stream().map(Shown::wanted).toList(), workers);
      List<Attempt<Map<String, StoredImage>>> details = details(images, workers);
      List<Report.Image> shown = new ArrayList<>();
      for (int i = 0; i < images.size(); i++) {
        shown.add(image(images.get(i), stacked.get(i), details));
      }
      return new Report(
          kind,
          Clock.systemUTC().instant(),
          settings.source().orElse(""),
          settings.revision().orElse(""),
          stacks.parts(),
          shown,
          traffic,
          List.of(),
          List.of(),
          Attempt.failures(details).stream()
              .map(
                  failure ->
                      "The age and the scans of images in "
                          + failure.repository()
                          + " are not known: "
                          + failure.message())
              .toList(),
          0,
          Duration.ZERO);
    }
  }

  /** What the registries tell of the images that exist: one attempt for each repository. */
  private List<Attempt<Map<String, StoredImage>>> details(List<Shown> images, Workers workers) {
    Map<Repository, List<String>> tags = new LinkedHashMap<>();
    for (Shown image : images) {
      if (image.wanted().digest().isPresent()) {
        tags.computeIfAbsent(image.wanted().image().repository(), key -> new ArrayList<>())
            .add(image.wanted().image().tag());
      }
    }
    return workers.map(
        List.copyOf(tags.entrySet()),
        entry -> {
          Repository repository = entry.getKey();
          return Attempt.at(
              new Subject(List.of(), repository),
              () ->
                  session
                      .targets()
                      .of(repository.registry())
                      .details(repository, entry.getValue()));
        });
  }

  private static Report.Image image(
      Shown shown, Stack stack, List<Attempt<Map<String, StoredImage>>> details) {
    return new Report.Image(
        stack,
        shown.action(),
        shown.wanted().digest(),
        shown.platforms(),
        shown.changes(),
        shown.bytesUploaded(),
        details.stream()
            .filter(attempt -> attempt.subject().repository().equals(stack.image().repository()))
            .filter(Attempt.Done.class::isInstance)
            .flatMap(
                attempt -> Optional.ofNullable(attempt.get().get(stack.image().tag())).stream())
            .findFirst());
  }

  /** Writes the page; returns why not, if it cannot be written. */
  Optional<Failure> write(Attempt<Report> report) {
    Path file = settings.report().orElseThrow();
    Attempt<Path> written =
        report.then(
            page -> {
              AtomicFile.write(file, ReportPage.of(page));
              return file;
            });
    return written instanceof Attempt.Failed<Path> failed
        ? Optional.of(
            new Failure(
                List.of(),
                "",
                failed.cause().code(),
                "The report is not written: " + failed.cause().getMessage()))
        : Optional.empty();
  }
}
