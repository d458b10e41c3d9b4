package dev.imagespec.runtime.run;

import dev.imagespec.runtime.Change;
import dev.imagespec.runtime.Comparison;
import dev.imagespec.runtime.plan.Differences;
import dev.imagespec.runtime.plan.PlannedImage;
import dev.imagespec.runtime.record.LastRegistration;
import dev.imagespec.runtime.record.LastRegistrations;
import dev.imagespec.runtime.resolve.ImageInputs;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Compares planned images with those that their tasks were registered with last. */
final class Comparing {
  /** How many changes a comparison lists. */
  private static final int MOST = 500;

  private final LastRegistrations last;
  private final PlannedInputs inputs;
  private final LocalDate today = LocalDate.now(ZoneOffset.UTC);
  private final IdentityHashMap<PlannedImage, Map<String, Optional<LastRegistration>>> found =
      new IdentityHashMap<>();

  Comparing(LastRegistrations last, PlannedInputs inputs) {
    this.last = last;
    this.inputs = inputs;
  }

  /** What each task of an image was registered with last. */
  Map<String, Optional<LastRegistration>> last(PlannedImage image) {
    return found.computeIfAbsent(
        image,
        key -> {
          Map<String, Optional<LastRegistration>> byTask = new LinkedHashMap<>();
          key.tasks().forEach(task -> byTask.put(task, last.of(key.repository().toString(), task)));
          return byTask;
        });
  }

  /**
   * The comparisons of an image: one for each image that some of its tasks had.
   *
   * @param fate what would happen to its environment, or empty
   */
  List<Comparison> of(PlannedImage image, String fate) {
    Map<String, LastRegistration> images = new LinkedHashMap<>();
    Map<String, List<String>> tasks = new LinkedHashMap<>();
    List<String> unknown = new ArrayList<>();
    last(image)
        .forEach(
            (task, registered) ->
                registered.ifPresentOrElse(
                    before -> {
                      String key = before.source() + " " + before.reference();
                      images.putIfAbsent(key, before);
                      tasks.computeIfAbsent(key, any -> new ArrayList<>()).add(task);
                    },
                    () -> unknown.add(task)));
    List<Comparison> comparisons = new ArrayList<>();
    images.forEach(
        (key, before) ->
            comparisons.add(comparison(image, before, tasks.getOrDefault(key, List.of()), fate)));
    if (!unknown.isEmpty()) {
      comparisons.add(new Comparison(unknown, Comparison.Source.NONE, "", "", List.of(), 0));
    }
    return List.copyOf(comparisons);
  }

  private Comparison comparison(
      PlannedImage image, LastRegistration before, List<String> tasks, String fate) {
    List<Change> changes = new ArrayList<>();
    String repository = image.repository().toString();
    if (!before.repository().equals(repository)) {
      changes.add(
          new Change(
              Change.Kind.REPOSITORY, Change.Effect.CHANGED, "", before.repository(), repository));
    }
    if (!before.fingerprint().equals(image.fingerprint().toString())) {
      changes.addAll(changes(image, before, fate));
    }
    return new Comparison(
        tasks,
        before.source(),
        before.reference(),
        before.fingerprint(),
        changes.stream().limit(MOST).toList(),
        Math.max(0, changes.size() - MOST));
  }

  private List<Change> changes(PlannedImage image, LastRegistration before, String fate) {
    Optional<ImageInputs> old = before.inputs();
    if (old.isEmpty()) {
      return List.of(other("something changed; what it was made from is not recorded"));
    }
    List<Change> changes = Differences.between(old.get(), inputs.of(image), fate, today);
    return changes.isEmpty()
        ? List.of(other("something changed that is not shown, such as the value of a credential"))
        : changes;
  }

  private static Change other(String what) {
    return new Change(Change.Kind.OTHER, Change.Effect.CHANGED, what, "", "");
  }
}
