package dev.imagespec.check;

import dev.imagespec.model.Spelling;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Checks {@code @FlyteTask} by the rules of Flyte 1 and 2: what a server would refuse, and what
 * would fail only when the task runs.
 */
final class FlyteCheck {
  /** A label of DNS (RFC 1123): projects and domains are parts of a namespace of Kubernetes. */
  private static final Pattern LABEL = Pattern.compile("[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?");

  private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9._~-]{1,63}");

  /** The inputs and outputs of a task are names of files, and of variables in Python. */
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,254}");

  private static final int MAX_NAME = 255;

  private FlyteCheck() {}

  static void check(Spec spec, Problems problems) {
    Spec.Flyte flyte = spec.flyte();
    if (!flyte.isSet()) {
      return;
    }
    names(spec, problems);
    variables(flyte.inputs(), problems);
    variables(flyte.outputs(), problems);
    FlyteResourceCheck.check(flyte, problems);
    if (flyte.retries().value() < 0) {
      problems.add(Message.FLYTE_RETRIES, flyte.retries());
    }
    if (flyte.timeout().value() < 0) {
      problems.add(Message.FLYTE_TIMEOUT, flyte.timeout());
    }
    if (!spec.isPart()) {
      cache(flyte, problems);
      command(spec, problems);
    }
  }

  private static void names(Spec spec, Problems problems) {
    Spec.Flyte flyte = spec.flyte();
    for (Located<String> label : List.of(flyte.project(), flyte.domain())) {
      if (!label.value().isEmpty() && !LABEL.matcher(label.value()).matches()) {
        problems.add(Message.FLYTE_LABEL, label);
      }
    }
    Located<String> name = flyte.name().map(text -> text.isEmpty() ? spec.task() : text);
    if (name.value().codePointCount(0, name.value().length()) > MAX_NAME
        || name.value().codePoints().anyMatch(FlyteCheck::isNoPartOfName)) {
      problems.add(Message.FLYTE_NAME, name);
    }
    if (!flyte.version().value().isEmpty() && !VERSION.matcher(flyte.version().value()).matches()) {
      problems.add(Message.FLYTE_VERSION, flyte.version());
    }
  }

  /** A name is a part of a URL's path. */
  private static boolean isNoPartOfName(int c) {
    return c == '/'
        || c == '\\'
        || TextCheck.breaksLine(c)
        || TextCheck.isHalf(c)
        || Character.isWhitespace(c)
        || Character.isSpaceChar(c);
  }

  private static void variables(List<Spec.Flyte.Variable> variables, Problems problems) {
    Map<String, String> seen = new HashMap<>();
    for (Spec.Flyte.Variable variable : variables) {
      Located<String> name = variable.name();
      if (!VARIABLE.matcher(name.value()).matches()) {
        problems.add(Message.FLYTE_VARIABLE, name);
      }
      String first = seen.putIfAbsent(name.value(), name.path());
      if (first != null) {
        problems.add(Message.FLYTE_VARIABLE_TWICE, name, first);
      }
    }
  }

  private static void cache(Spec.Flyte flyte, Problems problems) {
    if (flyte.cacheVersion().value().isEmpty()) {
      if (flyte.cacheSerialize().value()) {
        problems.add(Message.FLYTE_CACHE, flyte.cacheSerialize());
      }
      if (!flyte.cacheIgnoreInputVars().isEmpty()) {
        problems.add(Message.FLYTE_CACHE, flyte.cacheIgnoreInputVars().get(0));
      }
    }
    List<String> inputs = flyte.inputs().stream().map(input -> input.name().value()).toList();
    for (Located<String> ignored : flyte.cacheIgnoreInputVars()) {
      if (!inputs.contains(ignored.value())) {
        Optional<String> meant = Spelling.meant(ignored.value(), inputs.stream());
        if (meant.isPresent()) {
          problems.add(Message.FLYTE_CACHE_MEANT, ignored, meant.get());
        } else {
          problems.add(Message.FLYTE_CACHE_INPUT, ignored, Words.elements(inputs));
        }
      }
    }
  }

  /**
   * Flyte 1 compiles no task with variables whose container has neither a command nor arguments.
   */
  private static void command(Spec spec, Problems problems) {
    boolean hasVariables = !spec.flyte().inputs().isEmpty() || !spec.flyte().outputs().isEmpty();
    boolean hasCommand =
        spec.hasMainClass()
            || spec.application().value().runs()
            || !spec.entrypoint().isEmpty()
            || !spec.args().isEmpty();
    if (hasVariables && !hasCommand) {
      problems.add(Message.FLYTE_COMMAND, spec.flyte().self());
    }
  }
}
