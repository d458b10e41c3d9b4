package dev.imagespec.runtime.run;

import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.Plan;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.catalog.Catalog;
import dev.imagespec.runtime.compose.BaseImages;
import dev.imagespec.runtime.plan.HostedEnvironment;
import dev.imagespec.runtime.plan.PlannedEnvironment;
import dev.imagespec.runtime.plan.PlannedImage;
import dev.imagespec.runtime.plan.PlannedTag;
import dev.imagespec.runtime.resolve.Base;
import dev.imagespec.runtime.work.Attempt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Returns what a registration would do. Writes nothing, pushes nothing, starts no engine. */
public final class Planning {
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
    return plan(PlannedImages.of(catalog, session, settings));
  }

  /** The plan for a catalog, whatever further tags its images get. */
  Plan untagged(Catalog catalog) {
    return plan(PlannedImages.untagged(catalog, session, settings));
  }

  private Plan plan(PlannedImages planned) {
    List<PlannedImage> images = planned.images();
    BaseImages bases = new BaseImages(session.registry());
    Map<HostedEnvironment, String> environments = new LinkedHashMap<>();
    planned
        .planner()
        .environments(images, images)
        .forEach(
            (environment, attempt) ->
                environments.put(environment, state(environment, attempt, bases)));
    return new Plan(
        basesFirst(images).stream().map(image -> image(image, environments)).toList(),
        Attempt.failures(planned.attempts()));
  }

  /** The images in the order in which they can be built. */
  private static List<PlannedImage> basesFirst(List<PlannedImage> images) {
    List<PlannedImage> waiting = new ArrayList<>(images);
    List<PlannedImage> inOrder = new ArrayList<>();
    while (!waiting.isEmpty()) {
      inOrder.addAll(Building.takeReady(waiting));
    }
    return inOrder;
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
        image.tags().stream().map(tag -> tag(tag, image)).toList());
  }

  private static Plan.Tag tag(PlannedTag tag, PlannedImage image) {
    return new Plan.Tag(
        tag.name(),
        tag.current().isEmpty()
            ? Plan.TagAction.SET
            : tag.current().equals(image.existing()) ? Plan.TagAction.KEEP : Plan.TagAction.MOVE);
  }
}
