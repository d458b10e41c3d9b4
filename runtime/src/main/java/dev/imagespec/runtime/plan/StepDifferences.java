package dev.imagespec.runtime.plan;

import dev.imagespec.runtime.Change;
import dev.imagespec.runtime.Change.Effect;
import dev.imagespec.runtime.Change.Kind;
import dev.imagespec.runtime.resolve.StepInputs;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds what changed between the steps of two environments. */
final class StepDifferences {
  /** The name of a package at the start of a text that may go on with its version. */
  private static final Pattern NAME = Pattern.compile("\\s*([A-Za-z0-9][A-Za-z0-9._+:-]*)(.*)");

  private static final Pattern HASH = Pattern.compile("\\s*--hash[=\\s]\\s*\\S+");

  private final List<Change> changes = new ArrayList<>();

  private StepDifferences() {}

  static List<Change> between(StepInputs before, StepInputs now) {
    StepDifferences differences = new StepDifferences();
    differences.packages(Kind.APT, before.apt(), now.apt());
    differences.packages(Kind.PYTHON, python(before), python(now));
    differences.each(Kind.PACKAGE_INDEX, before.indexes(), now.indexes());
    differences.each(Kind.PIP_OPTION, before.options(), now.options());
    differences.each(Kind.COMMAND, before.commands(), now.commands());
    differences.each(Kind.SECRET, before.secrets(), now.secrets());
    differences.changes.addAll(
        LayerDifferences.between(before.files().stream().toList(), now.files().stream().toList()));
    differences.dockerfile(before, now);
    if (before.rebuild() != now.rebuild()) {
      differences.add(
          Kind.ENVIRONMENT,
          Effect.CHANGED,
          "rebuild",
          String.valueOf(before.rebuild()),
          String.valueOf(now.rebuild()));
    }
    return differences.changes;
  }

  private void dockerfile(StepInputs before, StepInputs now) {
    String was = before.dockerfile();
    String is = now.dockerfile();
    if (was.equals(is) && was.isEmpty()) {
      return;
    }
    for (String image : Differences.union(before.images(), now.images())) {
      String old = before.images().getOrDefault(image, "");
      String current = now.images().getOrDefault(image, "");
      if (!old.isEmpty() && !current.isEmpty() && !old.equals(current)) {
        add(Kind.BASE, Effect.CHANGED, image, old, current);
      }
    }
    if (!was.equals(is)) {
      Effect effect = was.isEmpty() ? Effect.ADDED : is.isEmpty() ? Effect.REMOVED : Effect.CHANGED;
      add(Kind.DOCKERFILE, effect, "", was, is);
    }
  }

  private static List<String> python(StepInputs steps) {
    return Stream.concat(steps.python().stream(), steps.requirements().stream())
        .distinct()
        .sorted()
        .toList();
  }

  private void add(Kind kind, Effect effect, String subject, String before, String after) {
    changes.add(new Change(kind, effect, subject, before, after));
  }

  /** Compares packages by name: another version of one is a change, not another package. */
  private void packages(Kind kind, List<String> before, List<String> now) {
    Map<String, List<String>> old = versions(kind, before);
    Map<String, List<String>> current = versions(kind, now);
    for (String name : Differences.union(old, current)) {
      String was = String.join(" ", old.getOrDefault(name, List.of()));
      String is = String.join(" ", current.getOrDefault(name, List.of()));
      if (!old.containsKey(name)) {
        add(kind, Effect.ADDED, name, "", withoutHashes(is));
      } else if (!current.containsKey(name)) {
        add(kind, Effect.REMOVED, name, withoutHashes(was), "");
      } else if (!was.equals(is)) {
        boolean isOtherFiles = withoutHashes(was).equals(withoutHashes(is));
        add(
            kind,
            Effect.CHANGED,
            name,
            withoutHashes(was),
            withoutHashes(is) + (isOtherFiles ? " with other files" : ""));
      }
    }
  }

  /** A package may have a hundred files. Their hashes are compared, and nobody reads them. */
  private static String withoutHashes(String version) {
    return HASH.matcher(version).replaceAll("");
  }

  private static Map<String, List<String>> versions(Kind kind, List<String> packages) {
    Map<String, List<String>> versions = new TreeMap<>();
    for (String text : packages) {
      Matcher named = NAME.matcher(text);
      boolean isNamed = named.matches();
      String name = isNamed ? name(kind, named.group(1)) : text;
      String rest = isNamed ? text.strip().substring(named.group(1).length()) : "";
      versions.computeIfAbsent(name, key -> new ArrayList<>()).add(version(rest));
    }
    return versions;
  }

  /** Python takes names for equal that differ in case, or in dots, hyphens and underscores. */
  private static String name(Kind kind, String name) {
    return kind == Kind.PYTHON ? name.toLowerCase(Locale.ROOT).replaceAll("[-_.]+", "-") : name;
  }

  private static String version(String rest) {
    return rest.strip().replaceFirst("^={1,3}\\s*", "");
  }

  /** Compares lists by their entries; if only the order differs, that is the change. */
  private void each(Kind kind, List<String> before, List<String> now) {
    if (before.equals(now)) {
      return;
    }
    Map<String, Integer> left = new LinkedHashMap<>();
    before.forEach(text -> left.merge(text, 1, Integer::sum));
    int found = changes.size();
    for (String text : now) {
      if (left.merge(text, -1, Integer::sum) < 0) {
        left.remove(text);
        add(kind, Effect.ADDED, quoted(kind, text), "", "");
      }
    }
    left.forEach(
        (text, times) -> {
          if (times > 0) {
            add(kind, Effect.REMOVED, quoted(kind, text), "", "");
          }
        });
    if (changes.size() == found) {
      add(kind, Effect.CHANGED, "order", "", "");
    }
  }

  private static String quoted(Kind kind, String text) {
    return kind == Kind.COMMAND ? '"' + text + '"' : text;
  }
}
