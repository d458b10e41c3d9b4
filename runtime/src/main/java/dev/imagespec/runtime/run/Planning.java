package dev.imagespec.runtime.run;

import dev.imagespec.model.Platform;
import dev.imagespec.runtime.Comparison;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.Plan;
import dev.imagespec.runtime.RegistrationListener;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.catalog.Catalog;
import dev.imagespec.runtime.compose.BaseImages;
import dev.imagespec.runtime.plan.HostedEnvironment;
import dev.imagespec.runtime.plan.PlannedEnvironment;
import dev.imagespec.runtime.plan.PlannedImage;
import dev.imagespec.runtime.plan.PlannedTag;
import dev.imagespec.runtime.record.History;
import dev.imagespec.runtime.record.LastRegistrations;
import dev.imagespec.runtime.resolve.Base;
import dev.imagespec.runtime.work.Attempt;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Returns what a registration would do. Writes nothing, pushes nothing, starts no engine. */
public final class Planning {
  private final Session session;
  private final Settings settings;
  private final RegistrationListener listener;

  public Planning(Session session, Settings settings, RegistrationListener listener) {
    this.session = session;
    this.settings = settings;
    this.listener = listener;
  }

  /**
   * What would happen to an environment.
   *
   * @param reason that it exists, or will be built, for the reasons of an image
   * @param fate the same, short, for the changes of an image; or empty
   */
  private record State(String reason, String fate) {}

  /**
   * The plan for a catalog.
   *
   * @throws ImageSpecException if a setting, a manifest, the lock or a file is wrong
   */
  public Plan plan(Catalog catalog) {
    return plan(
        PlannedImages.of(catalog, session, settings, session.memory(listener)),
        new LinkedHashMap<>());
  }

  /** The plan for a catalog, whatever further tags its images get. */
  Plan untagged(Catalog catalog) {
    return plan(
        PlannedImages.untagged(catalog, session, settings, session.memory(listener)),
        new LinkedHashMap<>());
  }

  /**
   * The plan.
   *
   * @param found gets the environments of which it is known whether they exist
   */
  Plan plan(PlannedImages planned, Map<HostedEnvironment, PlannedEnvironment> found) {
    List<PlannedImage> images = planned.images();
    BaseImages bases = new BaseImages(session.registry());
    Map<HostedEnvironment, State> environments = new LinkedHashMap<>();
    String engine = Engines.likely(settings);
    planned
        .planner()
        .environments(images, images)
        .forEach(
            (environment, attempt) -> {
              if (attempt instanceof Attempt.Done<PlannedEnvironment> done) {
                found.put(environment, done.value());
              }
              environments.put(environment, state(environment, attempt, bases, engine));
            });
    PlannedInputs inputs = new PlannedInputs(planned.lock());
    History history = History.of(settings, listener);
    Comparing comparing = new Comparing(LastRegistrations.of(settings, history, listener), inputs);
    Transfers transfers = new Transfers(inputs, comparing);
    return new Plan(
        Building.basesFirst(images).stream()
            .map(image -> image(image, environments, comparing, transfers.of(image)))
            .toList(),
        List.of(),
        Attempt.failures(planned.attempts()));
  }

  private static State state(
      HostedEnvironment environment,
      Attempt<PlannedEnvironment> attempt,
      BaseImages bases,
      String engine) {
    Attempt<State> state = attempt.then(planned -> state(planned, bases, engine, Instant.now()));
    return state instanceof Attempt.Failed<State> failed
        ? new State(
            "whether its environment "
                + environment.environment().tag()
                + " exists is not known: "
                + failed.cause().getMessage(),
            "")
        : state.get();
  }

  /** How an environment was found, with its age: packages without a version are as old as it is. */
  private static State state(
      PlannedEnvironment planned, BaseImages bases, String engine, Instant now) {
    if (planned.existing().isEmpty()) {
      String fate = "will be built " + engine;
      return new State("its environment " + planned.tag() + " " + fate, fate);
    }
    String exists = "its environment " + planned.tag() + " exists, built ";
    String age =
        bases
            .created(planned)
            .map(
                created -> {
                  long days = Duration.between(created, now).toDays();
                  return days <= 0 ? "today" : days == 1 ? "yesterday" : days + " days ago";
                })
            .orElse("at a time that it does not say");
    return new State(exists + age, "exists already");
  }

  private static Map<Platform, String> tags(PlannedImage image) {
    Map<Platform, String> tags = new LinkedHashMap<>();
    image
        .spec()
        .environments()
        .forEach((platform, environment) -> tags.put(platform, environment.tag()));
    return tags;
  }

  private static Plan.Image image(
      PlannedImage image,
      Map<HostedEnvironment, State> environments,
      Comparing comparing,
      List<Plan.Layer> layers) {
    List<State> states =
        image.environments().values().stream()
            .map(environments::get)
            .filter(Objects::nonNull)
            .distinct()
            .toList();
    String fate =
        states.stream().map(State::fate).max(Comparator.comparing(String::length)).orElse("");
    List<Comparison> comparisons = comparing.of(image, fate);
    List<String> reasons = new ArrayList<>(image.reasons());
    if (image.spec().base() instanceof Base.OfTask base) {
      reasons.add("based on the image of " + base.task());
    }
    comparisons.forEach(comparison -> comparison.reason(image.tasks()).ifPresent(reasons::add));
    states.forEach(state -> reasons.add(state.reason()));
    return new Plan.Image(
        image.repository().toString(),
        image.tag(),
        image.fingerprint().toString(),
        image.existing().map(digest -> image.repository().image(digest).toString()).orElse(""),
        image.isReused() ? Plan.Action.REUSE : Plan.Action.BUILD,
        reasons,
        image.platforms(),
        image.tasks(),
        image.spec().base().shown(),
        tags(image),
        layers,
        comparisons,
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
