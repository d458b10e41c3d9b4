package dev.imagespec.runtime.compose;

import dev.imagespec.model.Manifest;
import dev.imagespec.model.PythonRequirement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The RUN steps of an environment in the order of its Dockerfile, each with the attribute that it
 * comes from: by that a failure is told in the words of the annotation.
 */
final class EnvironmentSteps {
  /** Lines in which package managers say what they stumbled over. */
  private static final Pattern COMPLAINT =
      Pattern.compile(
          "(?i).*(?:\\bE:|\\berror\\b|× |╰|no solution|not found|unable to|not available|no matching|no installation candidate).*");

  /** Where an engine repeats the whole command, with all names in it. */
  private static final Pattern COMMAND =
      Pattern.compile(
          ".*(?:executor failed running|did not complete successfully|building at STEP).*");

  private static final int SHORT = 60;

  private final Manifest.Environment declared;
  private final List<String> names = new ArrayList<>();

  /** The steps of a task's environment, as its annotation declares them. */
  EnvironmentSteps(Manifest.Environment declared) {
    this.declared = declared;
    if (!declared.aptPackages().isEmpty()) {
      names.add("aptPackages");
    }
    if (!declared.packages().isEmpty() || !declared.requirements().isEmpty()) {
      names.add(
          declared.packages().isEmpty()
              ? "requirements"
              : declared.requirements().isEmpty() ? "packages" : "packages and requirements");
    }
    for (int i = 0; i < declared.commands().size(); i++) {
      names.add(element("commands", i, declared.commands().get(i)));
    }
  }

  /** What each step is for. */
  List<String> names() {
    return List.copyOf(names);
  }

  /**
   * The element of the annotation that made a step fail, as far as the engine's words tell.
   *
   * @param step the step, from 0
   * @param lines what the engine said last
   */
  String culprit(int step, List<String> lines) {
    String name = names.get(step);
    List<String> complaints =
        lines.stream()
            .filter(line -> COMPLAINT.matcher(line).matches() && !COMMAND.matcher(line).matches())
            .toList();
    if (name.equals("aptPackages")) {
      return culprit(
          "aptPackages", declared.aptPackages(), EnvironmentSteps::aptName, complaints, name);
    }
    if (name.startsWith("packages")) {
      String fallback = declared.requirements().isEmpty() ? name : requirements();
      return culprit(
          "packages", declared.packages(), EnvironmentSteps::pipName, complaints, fallback);
    }
    return name.equals("requirements") ? requirements() : name;
  }

  private String requirements() {
    return "requirements \"" + declared.requirements() + "\"";
  }

  private interface Name {
    String of(String text);
  }

  private static String culprit(
      String attribute,
      List<String> elements,
      Name name,
      List<String> complaints,
      String fallback) {
    for (int i = 0; i < elements.size(); i++) {
      Pattern word =
          Pattern.compile(
              "(?i)(?<![A-Za-z0-9._+-])"
                  + Pattern.quote(name.of(elements.get(i)))
                  + "(?![A-Za-z0-9_+-])");
      if (complaints.stream().anyMatch(line -> word.matcher(line).find())) {
        return element(attribute, i, elements.get(i));
      }
    }
    return fallback;
  }

  private static String aptName(String text) {
    return text.replaceFirst("[:=].*", "");
  }

  private static String pipName(String text) {
    try {
      return PythonRequirement.parse(text).name();
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  private static String element(String attribute, int index, String text) {
    String line = text.lines().findFirst().orElse("");
    String shown = line.length() > SHORT ? line.substring(0, SHORT) + "…" : line;
    return String.format(Locale.ROOT, "%s[%d] \"%s\"", attribute, index, shown);
  }
}
