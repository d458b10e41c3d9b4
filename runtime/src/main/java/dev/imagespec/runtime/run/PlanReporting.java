package dev.imagespec.runtime.run;

import dev.imagespec.runtime.Change;
import dev.imagespec.runtime.Comparison;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.Plan;
import dev.imagespec.runtime.RegistrationListener;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.TaskRegistrar;
import dev.imagespec.runtime.catalog.Catalog;
import dev.imagespec.runtime.plan.HostedEnvironment;
import dev.imagespec.runtime.plan.PlannedEnvironment;
import dev.imagespec.runtime.plan.PlannedImage;
import dev.imagespec.runtime.record.Registrars;
import dev.imagespec.runtime.report.Part;
import dev.imagespec.runtime.report.Report;
import dev.imagespec.runtime.report.Stack;
import dev.imagespec.runtime.resolve.Drafter;
import dev.imagespec.runtime.work.AtomicFile;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Plans, and writes the page about the plan if the settings name a file for it. */
public final class PlanReporting {
  /** How many changes of an image the page shows. */
  private static final int MOST_CHANGES = 40;

  private final Session session;
  private final Settings settings;
  private final RegistrationListener listener;
  private final Iterable<TaskRegistrar> registrars;

  public PlanReporting(
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
   * The plan for a catalog. A page that cannot be written is a failure of the plan.
   *
   * @throws ImageSpecException if a setting, a manifest, the lock or a file is wrong
   */
  public Plan plan(Catalog catalog) {
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
    Map<HostedEnvironment, PlannedEnvironment> environments = new LinkedHashMap<>();
    Plan plan = called.plan(new Planning(session, settings, listener).plan(planned, environments));
    Reporting reporting = new Reporting(session, settings);
    return reporting
        .of(
            Report.Kind.PLAN,
            planned,
            shown(planned, plan),
            environments,
            traffic(plan, environments))
        .map(page -> page.then(report -> report.with(plan.failures())))
        .flatMap(reporting::write)
        .map(
            failure ->
                new Plan(
                    plan.images(),
                    plan.definitions(),
                    Stream.concat(plan.failures().stream(), Stream.of(failure)).toList()))
        .orElse(plan);
  }

  /** What a registration would send: layers that no repository has, and new environments. */
  private static Report.Traffic traffic(
      Plan plan, Map<HostedEnvironment, PlannedEnvironment> environments) {
    Set<String> arriving = new HashSet<>();
    for (Plan.Image image : plan.images()) {
      for (Plan.Layer layer : image.layers()) {
        if (image.action() == Plan.Action.BUILD && layer.transfer() == Plan.Transfer.SENT) {
          arriving.add(Part.ofPayload(layer.name(), layer.inputs()));
        }
      }
    }
    environments.forEach(
        (environment, planned) -> {
          if (planned.existing().isEmpty()) {
            arriving.add(Part.ofEnvironment(environment));
          }
        });
    return new Report.Traffic(Set.of(), arriving);
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
        .forEach(reason -> changes.add(new Report.Change(Report.Change.Effect.REASON, reason)));
    for (Comparison comparison : image.comparisons()) {
      comparison.changes().stream()
          .limit(MOST_CHANGES)
          .map(PlanReporting::change)
          .forEach(changes::add);
      int more = comparison.more() + Math.max(0, comparison.changes().size() - MOST_CHANGES);
      if (more > 0) {
        changes.add(
            new Report.Change(Report.Change.Effect.REASON, "and " + more + " more changes"));
      }
    }
    return changes;
  }

  private static Report.Change change(Change change) {
    Report.Change.Effect effect =
        switch (change.effect()) {
          case ADDED -> Report.Change.Effect.ADDED;
          case REMOVED -> Report.Change.Effect.REMOVED;
          case CHANGED, MODE, OWNER, MOVED -> Report.Change.Effect.CHANGED;
        };
    // The page has a sign of its own for what is new or gone.
    return new Report.Change(effect, change.toString().replaceFirst("^[-+~] ", ""));
  }
}
