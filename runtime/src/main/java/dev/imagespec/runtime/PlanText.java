package dev.imagespec.runtime;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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
    List<String> lines = new ArrayList<>();
    lines.add(
        (definition.action() == TaskRegistrar.Action.UNCHANGED ? "same   " : "send   ")
            + definition.registrar()
            + "  "
            + definition.definition()
            + (definition.task().isEmpty() ? "" : "  for " + definition.task()));
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
    long registered =
        plan.definitions().stream()
            .filter(definition -> definition.action() == TaskRegistrar.Action.REGISTERED)
            .count();
    if (!plan.definitions().isEmpty()) {
      lines.add(
          "  definitions: "
              + registered
              + " to register, "
              + (plan.definitions().size() - registered)
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
