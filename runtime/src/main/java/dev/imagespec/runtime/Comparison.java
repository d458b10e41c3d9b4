package dev.imagespec.runtime;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A planned image beside the image that some of its tasks were registered with last.
 *
 * @param tasks binary names of these tasks
 * @param source where the image of the last registration is known from
 * @param before the image of the last registration: {@code registry/name@sha256:<digest>}; empty if
 *     there is none
 * @param fingerprint the fingerprint of that image: 64 hex digits, or empty
 * @param changes what changed since; empty if nothing did
 * @param more how many changes there are besides these
 */
public record Comparison(
    List<String> tasks,
    Source source,
    String before,
    String fingerprint,
    List<Change> changes,
    int more) {
  /** How many names one line has. */
  private static final int MOST_NAMES = 10;

  /** How many lines of one kind there are. */
  private static final int MOST_LINES = 20;

  /** The reason where there is nothing to compare with. */
  static final String NOT_REGISTERED =
      "not registered before, as far as this machine and the record know";

  public Comparison {
    tasks = List.copyOf(tasks);
    changes = List.copyOf(changes);
  }

  /** Where the image of the last registration is known from. */
  public enum Source {
    /** The record that the settings name. */
    RECORD,
    /** The history in the user's cache. */
    HISTORY,
    /** Nothing: the tasks were not registered before, as far as this machine knows. */
    NONE
  }

  /** Whether these tasks have the image that they had last. */
  public boolean isUnchanged() {
    return source != Source.NONE && changes.isEmpty() && more == 0;
  }

  /**
   * What a comparison says about an image besides changes; empty where the changes say it all.
   *
   * @param all all tasks of the image
   */
  public Optional<String> reason(List<String> all) {
    if (source != Source.NONE) {
      return isUnchanged()
          ? Optional.of("unchanged since the last registration")
          : Optional.empty();
    }
    return Optional.of(
        tasks.size() == all.size() ? NOT_REGISTERED : PlanText.named(tasks) + " " + NOT_REGISTERED);
  }

  /** The changes for people: one line for a thing, or for the files of a layer. */
  public List<String> lines() {
    if (source == Source.NONE) {
      return List.of(NOT_REGISTERED);
    }
    Map<String, List<Change>> groups = new LinkedHashMap<>();
    for (Change change : changes) {
      String group = change.kind().group();
      groups
          .computeIfAbsent(group.isEmpty() ? " " + change.kind() : group, key -> new ArrayList<>())
          .add(change);
    }
    List<String> lines = new ArrayList<>();
    groups.forEach(
        (group, members) -> {
          if (group.startsWith(" ")) {
            lines.addAll(eachOnItsOwn(members));
          } else {
            lines.add(onOneLine(group, members));
          }
        });
    if (more > 0) {
      lines.add("and " + more + " more changes");
    }
    return List.copyOf(lines);
  }

  private static List<String> eachOnItsOwn(List<Change> changes) {
    List<String> lines =
        new ArrayList<>(changes.stream().limit(MOST_LINES).map(Change::toString).toList());
    int rest = changes.size() - lines.size();
    if (rest > 0) {
      lines.add("and " + rest + " more of kind " + changes.get(0).kind());
    }
    return lines;
  }

  private static String onOneLine(String group, List<Change> changes) {
    String remark = changes.get(0).remark();
    List<String> names =
        new ArrayList<>(
            changes.stream()
                .limit(MOST_NAMES)
                .map(change -> change.withRemark("").toString())
                .toList());
    int rest = changes.size() - names.size();
    if (rest > 0) {
      names.add("and " + rest + " more");
    }
    if (!remark.isEmpty()) {
      names.add(remark);
    }
    return (group.equals("environment") ? "" : "~ ") + group + ": " + String.join(", ", names);
  }
}
