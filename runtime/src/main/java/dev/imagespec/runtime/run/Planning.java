package dev.imagespec.runtime.run;

import dev.imagespec.model.Platform;
import dev.imagespec.runtime.Change;
import dev.imagespec.runtime.Comparison;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.Plan;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.catalog.Catalog;
import dev.imagespec.runtime.compose.BaseImages;
import dev.imagespec.runtime.plan.HostedEnvironment;
import dev.imagespec.runtime.plan.PlannedEnvironment;
import dev.imagespec.runtime.plan.PlannedImage;
import dev.imagespec.runtime.report.Report;
import dev.imagespec.runtime.report.Stack;
import dev.imagespec.runtime.resolve.Base;
import dev.imagespec.runtime.work.Attempt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/** Returns what a registration would do. Writes nothing, pushes nothing, starts no engine. */
public final class Planning {
  /** How many changes of an image the page shows. */
  private static final int MOST_CHANGES = 40;

  private final Session session;
  private final Settings settings;

  public Planning(Session session, Settings settings) {
    this.session = session;
    this.settings = settings;
  }

  /**
   * The plan for a catalog.
   *
   * @throws ImageSpecException if a setting, a manifest, the lock or a file is wrong
   */
  public Plan plan(Catalog catalog) {
    return plan(PlannedImages.of(catalog, session, settings), new LinkedHashMap<>());
  }

  /**
   * The same, and writes the page about it if the settings name a file for it. A page that cannot
   * be written is a failure of the plan.
   *
   * @throws ImageSpecException if a setting, a manifest, the lock or a file is wrong
   */
  public Plan reported(Catalog catalog) {
    PlannedImages planned = PlannedImages.of(catalog, session, settings);
    Map<HostedEnvironment, PlannedEnvironment> environments = new LinkedHashMap<>();
    Plan plan = plan(planned, environments);
    Reporting reporting = new Reporting(session, settings);
    return reporting
        .of(Report.Kind.PLAN, planned, shown(planned, plan), environments, Set.of())
        .map(page -> page.then(report -> report.with(plan.failures())))
        .flatMap(reporting::write)
        .map(
            failure ->
                new Plan(
                    plan.images(),
                    Stream.concat(plan.failures().stream(), Stream.of(failure)).toList()))
        .orElse(plan);
  }

  private static List<Reporting.Shown> shown(PlannedImages planned, Plan plan) {
    List<PlannedImage> images = Building.basesFirst(planned.images());
    List<Reporting.Shown> shown = new ArrayList<>();
    for (int i = 0; i < images.size(); i++) {
      PlannedImage image = images.get(i);
      shown.add(
          new Reporting.Shown(
              new Stack.Wanted(image, image.existing(), image.read()),
              image.isReused() ? Report.Action.REUSE : Report.Action.BUILD,
              image.platforms(),
              changes(plan.images().get(i)),
              0));
    }
    return shown;
  }

  /** Why an image is built or reused, and in what it differs from what its tasks had. */
  private static List<Report.Change> changes(Plan.Image image) {
    List<Report.Change> changes = new ArrayList<>();
    image
        .reasons()
        .forEach(reason -> changes.add(new Report.Change(Report.Change.Kind.REASON, reason)));
    for (Comparison comparison : image.comparisons()) {
      comparison.changes().stream().limit(MOST_CHANGES).map(Planning::change).forEach(changes::add);
      int more = comparison.more() + Math.max(0, comparison.changes().size() - MOST_CHANGES);
      if (more > 0) {
        changes.add(new Report.Change(Report.Change.Kind.REASON, "and " + more + " more changes"));
      }
    }
    return changes;
  }

  private static Report.Change change(Change change) {
    Report.Change.Kind kind =
        switch (change.effect()) {
          case ADDED -> Report.Change.Kind.ADDED;
          case REMOVED -> Report.Change.Kind.REMOVED;
          case CHANGED, MODE, MOVED -> Report.Change.Kind.CHANGED;
        };
    // The page has a sign of its own for what is new or gone.
    return new Report.Change(kind, change.toString().replaceFirst("^[-+~] ", ""));
  }

  /**
   * The plan.
   *
   * @param found gets the environments of which it is known whether they exist
   */
  private Plan plan(
      PlannedImages planned, Map<HostedEnvironment, PlannedEnvironment> found) {
    List<PlannedImage> images = planned.images();
    BaseImages bases = new BaseImages(session.registry());
    Map<HostedEnvironment, String> environments = new LinkedHashMap<>();
    planned
        .planner()
        .environments(images, images)
        .forEach(
            (environment, attempt) -> {
              if (attempt instanceof Attempt.Done<PlannedEnvironment> done) {
                found.put(environment, done.value());
              }
              environments.put(environment, state(environment, attempt, bases));
            });
    return new Plan(
        Building.basesFirst(images).stream().map(image -> image(image, environments)).toList(),
        Attempt.failures(planned.attempts()));
  }

  private static String state(
      HostedEnvironment environment, Attempt<PlannedEnvironment> attempt, BaseImages bases) {
    Attempt<String> state = attempt.then(planned -> state(planned, bases, Instant.now()));
    return state instanceof Attempt.Failed<String> failed
        ? "whether its environment "
            + environment.environment().tag()
            + " exists is not known: "
            + failed.cause().getMessage()
        : state.get();
  }

  /** How an environment was found, with its age: packages without a version are as old as it is. */
  private static String state(PlannedEnvironment planned, BaseImages bases, Instant now) {
    if (planned.existing().isEmpty()) {
      return "its environment " + planned.tag() + " will be built";
    }
    String exists = "its environment " + planned.tag() + " exists, built ";
    return bases
        .created(planned)
        .map(
            created -> {
              long days = Duration.between(created, now).toDays();
              return exists + (days <= 0 ? "today" : days == 1 ? "yesterday" : days + " days ago");
            })
        .orElse(exists + "at a time that it does not say");
  }

  private static Map<Platform, String> tags(PlannedImage image) {
    Map<Platform, String> tags = new LinkedHashMap<>();
    image
        .spec()
        .environments()
        .forEach((platform, environment) -> tags.put(platform, environment.tag()));
    return tags;
  }

  private static Plan.Image image(PlannedImage image, Map<HostedEnvironment, String> environments) {
    List<String> reasons = new ArrayList<>(image.reasons());
    if (image.spec().base() instanceof Base.OfTask base) {
      reasons.add("based on the image of " + base.task());
    }
    image.environments().values().stream()
        .map(environments::get)
        .filter(Objects::nonNull)
        .distinct()
        .forEach(reasons::add);
    return new Plan.Image(
        image.repository().toString(),
        image.tag(),
        image.fingerprint().toString(),
        image.isReused() ? Plan.Action.REUSE : Plan.Action.BUILD,
        reasons,
        image.platforms(),
        image.tasks(),
        image.spec().base() instanceof Base.OfTask other
            ? other.task()
            : image.spec().base().name(),
        tags(image),
        List.of(),
        List.of());
  }
}
