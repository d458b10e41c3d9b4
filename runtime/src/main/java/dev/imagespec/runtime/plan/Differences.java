package dev.imagespec.runtime.plan;

import dev.imagespec.runtime.Change;
import dev.imagespec.runtime.Change.Effect;
import dev.imagespec.runtime.Change.Kind;
import dev.imagespec.runtime.resolve.ImageInputs;
import dev.imagespec.runtime.resolve.Layer;
import dev.imagespec.runtime.resolve.LayerInputs;
import dev.imagespec.runtime.resolve.PayloadConfig;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** Finds what changed between the inputs of two images. */
public final class Differences {
  /** What makes a word of a command look like several, or like a part of one. */
  private static final Pattern AMBIGUOUS = Pattern.compile("[\\s\"\\\\]");

  private final ImageInputs before;
  private final ImageInputs now;
  private final LocalDate today;
  private final List<Change> changes = new ArrayList<>();

  private Differences(ImageInputs before, ImageInputs now, LocalDate today) {
    this.before = before;
    this.now = now;
    this.today = today;
  }

  /**
   * What changed, in the order of {@link Kind}.
   *
   * @param fate what would happen to the environment, for the remark of its changes; or empty
   * @param today the day on which this is said, in UTC
   */
  public static List<Change> between(
      ImageInputs before, ImageInputs now, String fate, LocalDate today) {
    Differences differences = new Differences(before, now, today);
    differences.base();
    differences.environment(fate);
    differences.context(fate);
    differences.changes.addAll(
        LayerDifferences.between(payload(before.layers()), payload(now.layers())));
    differences.config();
    return List.copyOf(differences.changes);
  }

  private static List<LayerInputs> payload(List<LayerInputs> all) {
    return all.stream().filter(layer -> !layer.name().equals(Layer.CONTEXT)).toList();
  }

  private static List<LayerInputs> context(List<LayerInputs> all) {
    return all.stream().filter(layer -> layer.name().equals(Layer.CONTEXT)).toList();
  }

  /** What a Dockerfile of the project reads. */
  private void context(String fate) {
    LayerDifferences.between(context(before.layers()), context(now.layers()))
        .forEach(change -> changes.add(change.withRemark(fate)));
  }

  private void base() {
    if (!before.base().equals(now.base())) {
      changes.add(new Change(Kind.BASE, Effect.CHANGED, "", before.base(), now.base()));
    }
    for (String platform : union(before.platforms(), now.platforms())) {
      String old = before.platforms().get(platform);
      String current = now.platforms().get(platform);
      if (old == null || current == null) {
        changes.add(
            new Change(
                Kind.PLATFORM, old == null ? Effect.ADDED : Effect.REMOVED, platform, "", ""));
      } else if (!old.equals(current)
          && before.base().equals(now.base())
          && now.steps().dockerfile().isEmpty()) {
        changes.add(moved(platform, old, current));
      }
    }
    changes.sort((one, other) -> one.kind().compareTo(other.kind()));
  }

  /** The base's reference is the same and stands for something else. */
  private Change moved(String platform, String old, String current) {
    boolean several = now.platforms().size() > 1;
    String name = now.base().equals("spec") ? "image of its base task" : now.base();
    return new Change(
        Kind.BASE,
        Effect.CHANGED,
        several ? name + " for " + platform : name,
        digest(old),
        digest(current),
        now.locked().isEmpty()
            ? ""
            : "locked "
                + (before.locked().isEmpty() ? "" : day(before.locked()) + " → ")
                + day(now.locked()));
  }

  /** The fingerprint of another task's image is a digest, too. */
  private static String digest(String identity) {
    return identity.matches("[0-9a-f]{64}") ? "sha256:" + identity : identity;
  }

  private String day(String day) {
    return day.equals(today.toString()) ? "today" : day;
  }

  private void environment(String fate) {
    List<Change> found = StepDifferences.between(before.steps(), now.steps());
    if (found.isEmpty() && isEnvironmentOther()) {
      found =
          List.of(
              new Change(
                  Kind.ENVIRONMENT, Effect.CHANGED, "steps as this release runs them", "", ""));
    }
    found.forEach(change -> changes.add(change.withRemark(fate)));
  }

  /** Whether an environment differs for another reason than its base. */
  private boolean isEnvironmentOther() {
    for (Map.Entry<String, String> environment : now.environments().entrySet()) {
      String platform = environment.getKey();
      String old = before.environments().get(platform);
      boolean sameBase =
          now.platforms().getOrDefault(platform, "").equals(before.platforms().get(platform));
      if (old != null && sameBase && !old.equals(environment.getValue())) {
        return true;
      }
    }
    return false;
  }

  private void config() {
    PayloadConfig old = before.config();
    PayloadConfig current = now.config();
    text(Kind.ENTRYPOINT, words(old.entrypoint()), words(current.entrypoint()));
    text(Kind.ARGS, words(old.args()), words(current.args()));
    values(Kind.ENV, old.env(), current.env());
    values(Kind.ENV_PREPEND, old.envPrepend(), current.envPrepend());
    values(Kind.LABEL, old.labels(), current.labels());
    values(Kind.ANNOTATION, old.annotations(), current.annotations());
    set(Kind.PORT, old.ports(), current.ports());
    set(Kind.VOLUME, old.volumes(), current.volumes());
    text(Kind.WORKING_DIRECTORY, old.workingDirectory(), current.workingDirectory());
    text(Kind.USER, old.user(), current.user());
    text(Kind.STOP_SIGNAL, old.stopSignal(), current.stopSignal());
    text(Kind.CREATION_TIME, old.creationTime(), current.creationTime());
  }

  private void text(Kind kind, String old, String current) {
    if (!old.equals(current)) {
      changes.add(new Change(kind, Effect.CHANGED, "", old, current));
    }
  }

  private void values(Kind kind, Map<String, String> old, Map<String, String> current) {
    for (String name : union(old, current)) {
      String was = old.get(name);
      String is = current.get(name);
      if (was == null) {
        changes.add(new Change(kind, Effect.ADDED, name, "", current.getOrDefault(name, "")));
      } else if (is == null) {
        changes.add(new Change(kind, Effect.REMOVED, name, was, ""));
      } else if (!was.equals(is)) {
        changes.add(new Change(kind, Effect.CHANGED, name, was, is));
      }
    }
  }

  private void set(Kind kind, Collection<String> old, Collection<String> current) {
    for (String entry : both(old, current)) {
      if (!old.contains(entry)) {
        changes.add(new Change(kind, Effect.ADDED, entry, "", ""));
      } else if (!current.contains(entry)) {
        changes.add(new Change(kind, Effect.REMOVED, entry, "", ""));
      }
    }
  }

  /** Words of a command, quoted where that tells them apart. */
  private static String words(List<String> words) {
    return String.join(
        " ",
        words.stream()
            .map(word -> word.isEmpty() || AMBIGUOUS.matcher(word).find() ? quoted(word) : word)
            .toList());
  }

  private static String quoted(String word) {
    return '"' + word.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }

  private static Set<String> both(Collection<String> one, Collection<String> other) {
    Set<String> both = new TreeSet<>(one);
    both.addAll(other);
    return both;
  }

  static <V> Set<String> union(Map<String, V> one, Map<String, V> other) {
    Map<String, V> both = new TreeMap<>(one);
    both.putAll(other);
    return both.keySet();
  }
}
