package dev.imagespec.runtime.compose;

import dev.imagespec.model.PythonRequirement;
import dev.imagespec.model.Step;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/** Finds the annotation element that made a step fail, as far as the engine's output tells. */
final class Culprit {
  /** Lines in which package managers say what is wrong. */
  private static final Pattern COMPLAINT =
      Pattern.compile(
          "(?i).*(?:\\bE:|\\berror\\b|× |╰|no solution|not found|unable to|not available|no matching|no installation candidate).*");

  /** Lines in which an engine repeats the whole command, which names every package. */
  private static final Pattern COMMAND =
      Pattern.compile(
          ".*(?:executor failed running|did not complete successfully|building at STEP).*");

  private Culprit() {}

  /**
   * The element that made a step fail, such as {@code aptPackages[2] "nosuchpkg"}. If the output
   * names no package, it is the requirements file if there is one, else the whole attribute.
   *
   * @param step the step that failed
   * @param lines the last lines of the engine's output
   */
  static String of(Step step, List<String> lines) {
    List<String> complaints =
        lines.stream()
            .filter(line -> COMPLAINT.matcher(line).matches() && !COMMAND.matcher(line).matches())
            .toList();
    if (step instanceof Step.Apt apt) {
      return named(apt.elements(), Culprit::debianName, complaints).orElse(apt.attribute());
    }
    if (step instanceof Step.Pip pip) {
      return named(pip.elements(), Culprit::pythonName, complaints)
          .orElse(pip.requirements().isEmpty() ? pip.attribute() : file(pip.requirements()));
    }
    return step.attribute();
  }

  /** The first element whose package an error line names. */
  private static Optional<String> named(
      List<Step.Element> elements, UnaryOperator<String> packageName, List<String> complaints) {
    return elements.stream()
        .filter(element -> isNamed(packageName.apply(element.text()), complaints))
        .findFirst()
        .map(Step.Element::toString);
  }

  private static boolean isNamed(String name, List<String> complaints) {
    Pattern word =
        Pattern.compile("(?i)(?<![A-Za-z0-9._+-])" + Pattern.quote(name) + "(?![A-Za-z0-9_+-])");
    return complaints.stream().anyMatch(line -> word.matcher(line).find());
  }

  private static String debianName(String text) {
    return text.replaceFirst("[:=].*", "");
  }

  private static String pythonName(String text) {
    try {
      String name = PythonRequirement.parse(text).name();
      return name.isEmpty() ? text : name;
    } catch (IllegalArgumentException e) {
      return text;
    }
  }

  private static String file(String requirements) {
    return "requirements \"" + requirements + "\"";
  }
}
