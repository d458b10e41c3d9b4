package dev.imagespec.runtime;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** A plan as text for people. */
final class PlanText {
  private static final String INDENT = "       ";

  /** How many tasks a line names. */
  private static final int MOST_TASKS = 10;

  /** How many shared layers a summary names. */
  private static final int MOST_SHARED = 10;

  private PlanText() {}

  static List<String> lines(Plan.Image image) {
    List<String> lines = new ArrayList<>();
    lines.add(
        (image.action() + "    ").substring(0, 5) + "  " + image.repository() + ":" + image.tag());
    lines.add(INDENT + String.join(", ", image.reasons()) + "; for " + named(image.tasks()));
    for (Comparison comparison : image.comparisons()) {
      if (comparison.source() != Comparison.Source.NONE && !comparison.isUnchanged()) {
        lines.add(INDENT + since(comparison, image) + ":");
        comparison.lines().forEach(line -> lines.add(INDENT + "  " + line));
      }
    }
    if (image.action() == Plan.Action.BUILD && !image.layers().isEmpty()) {
      lines.add(INDENT + travels(image));
    }
    for (Plan.Tag tag : image.tags()) {
      switch (tag.action()) {
        case KEEP -> {}
        case SET -> lines.add(INDENT + "tag " + tag.name() + " will be set");
        case MOVE -> lines.add(INDENT + "tag " + tag.name() + " will be moved");
      }
    }
    return List.copyOf(lines);
  }

  static List<String> lines(Plan.Definition definition) {
    return lines(definition, definition.task().isEmpty() ? List.of() : List.of(definition.task()));
  }

  /** What is the same for several tasks of a definition is told once. */
  static List<String> ofDefinitions(Plan plan) {
    Map<List<Object>, List<Plan.Definition>> same = new LinkedHashMap<>();
    for (Plan.Definition one : plan.definitions()) {
      same.computeIfAbsent(
              List.of(one.registrar(), one.definition(), one.action(), one.changes()),
              key -> new ArrayList<>())
          .add(one);
    }
    List<String> lines = new ArrayList<>();
    for (List<Plan.Definition> ones : same.values()) {
      lines.addAll(
          lines(
              ones.get(0),
              ones.stream().map(Plan.Definition::task).filter(task -> !task.isEmpty()).toList()));
    }
    return List.copyOf(lines);
  }

  private static List<String> lines(Plan.Definition definition, List<String> tasks) {
    List<String> lines = new ArrayList<>();
    lines.add(
        (definition.action() == TaskRegistrar.Action.UNCHANGED ? "same   " : "send   ")
            + definition.registrar()
            + "  "
            + definition.definition()
            + (tasks.isEmpty() ? "" : "  for " + named(tasks)));
    definition.changes().forEach(change -> lines.add(INDENT + change));
    return List.copyOf(lines);
  }

  private static String since(Comparison comparison, Plan.Image image) {
    String whose =
        comparison.tasks().size() == image.tasks().size() ? "" : " of " + named(comparison.tasks());
    return "since the last registration"
        + whose
        + (comparison.source() == Comparison.Source.RECORD ? " (by the record)" : "");
  }

  private static String travels(Plan.Image image) {
    List<String> parts = new ArrayList<>();
    for (Plan.Layer layer : image.layers()) {
      parts.add(
          layer.name()
              + " "
              + switch (layer.transfer()) {
                case SENT -> size(layer.bytes());
                case SHARED -> "(with another image)";
                case THERE -> "(there)";
              });
    }
    return "to send: "
        + (image.bytes() == 0 ? "nothing" : "about " + size(image.bytes()) + " before compression")
        + ": "
        + String.join(", ", parts);
  }

  static List<String> summary(Plan plan) {
    List<String> lines = new ArrayList<>();
    long builds =
        plan.images().stream().filter(image -> image.action() == Plan.Action.BUILD).count();
    long failed = plan.failures().stream().filter(failure -> !failure.tasks().isEmpty()).count();
    lines.add(
        "plan: "
            + builds
            + " to build, "
            + (plan.images().size() - builds)
            + " to reuse"
            + (failed == 0 ? "" : ", " + failed + " failed")
            + (builds == 0
                ? ""
                : "; "
                    + (plan.bytes() == 0
                        ? "nothing to send"
                        : "about " + size(plan.bytes()) + " to send before compression")
                    + ", without bases and environments"));
    Set<List<String>> all = new HashSet<>();
    Set<List<String>> registered = new HashSet<>();
    for (Plan.Definition definition : plan.definitions()) {
      List<String> name = List.of(definition.registrar(), definition.definition());
      all.add(name);
      if (definition.action() == TaskRegistrar.Action.REGISTERED) {
        registered.add(name);
      }
    }
    if (!all.isEmpty()) {
      lines.add(
          "  definitions: "
              + registered.size()
              + " to register, "
              + (all.size() - registered.size())
              + " unchanged");
    }
    int listed = 0;
    for (Map.Entry<Plan.Layer, List<Plan.Image>> shared : plan.shared().entrySet()) {
      if (listed++ == MOST_SHARED) {
        lines.add("  and " + (plan.shared().size() - MOST_SHARED) + " more shared layers");
        break;
      }
      Plan.Layer layer = shared.getKey();
      lines.add(
          "  shared by "
              + shared.getValue().size()
              + " images: "
              + layer.name()
              + " ("
              + layer.files()
              + (layer.files() == 1 ? " file, " : " files, ")
              + size(layer.bytes())
              + ")");
    }
    return List.copyOf(lines);
  }

  private static String size(long bytes) {
    if (bytes < 1000) {
      return bytes + (bytes == 1 ? " byte" : " bytes");
    }
    double value = bytes / 1000.0;
    for (String unit : List.of("kB", "MB", "GB")) {
      if (value < 999.95) {
        return String.format(Locale.ROOT, "%.1f %s", value, unit);
      }
      value /= 1000;
    }
    return String.format(Locale.ROOT, "%.1f TB", value);
  }

  static String named(List<String> tasks) {
    String names = String.join(", ", tasks.stream().limit(MOST_TASKS).toList());
    return tasks.size() > MOST_TASKS
        ? names + " and " + (tasks.size() - MOST_TASKS) + " more"
        : names;
  }
}
