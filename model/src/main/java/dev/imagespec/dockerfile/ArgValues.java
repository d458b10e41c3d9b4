package dev.imagespec.dockerfile;

import dev.imagespec.model.Platform;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The arguments before the first FROM of a Dockerfile, with their defaults, and those that builders
 * set for a platform.
 */
final class ArgValues {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern BRACED =
      Pattern.compile("([A-Za-z_][A-Za-z0-9_]*)(?:(:?[-+])([^$}]*))?");
  private static final Pattern OF_BUILDER = Pattern.compile("BUILD(?:PLATFORM|OS|ARCH|VARIANT)");

  /** Longer than any reference, so that arguments of arguments end. */
  private static final int MOST = 2_000;

  private final Map<String, String> values = new HashMap<>();

  ArgValues(Platform target) {
    values.put("TARGETPLATFORM", target.toString());
    values.put("TARGETOS", target.os());
    values.put("TARGETARCH", target.architecture());
    values.put("TARGETVARIANT", target.variant());
  }

  /** Adds an argument with its default. */
  void put(String name, String value) {
    values.put(name, value);
  }

  /**
   * The text with the values of its arguments.
   *
   * @throws IllegalArgumentException if one has no value that is known; the message says which
   */
  String expand(String text) {
    StringBuilder out = new StringBuilder();
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      if (c != '$') {
        out.append(c);
        continue;
      }
      if (text.startsWith("{", at + 1)) {
        int end = text.indexOf('}', at);
        Matcher braced = BRACED.matcher(end < 0 ? "" : text.substring(at + 2, end));
        if (!braced.matches()) {
          throw new IllegalArgumentException(
              "only $NAME, ${NAME}, ${NAME:-default} and ${NAME:+value} are known here");
        }
        out.append(braced(braced));
        at = end;
      } else {
        Matcher name = NAME.matcher(text).region(at + 1, text.length());
        if (!name.lookingAt()) {
          throw new IllegalArgumentException("$ is followed by the name of an ARG");
        }
        out.append(value(name.group()));
        at = name.end() - 1;
      }
      if (out.length() > MOST) {
        throw new IllegalArgumentException("it is longer than a reference can be");
      }
    }
    return out.toString();
  }

  private String braced(Matcher braced) {
    String name = braced.group(1);
    String form = Optional.ofNullable(braced.group(2)).orElse("");
    String other = Optional.ofNullable(braced.group(3)).orElse("");
    Optional<String> known = known(name).filter(value -> !form.startsWith(":") || !value.isEmpty());
    if (form.endsWith("-")) {
      return known.orElse(other);
    }
    return form.endsWith("+") ? known.map(value -> other).orElse("") : value(name);
  }

  private Optional<String> known(String name) {
    requireFixed(name);
    return Optional.ofNullable(values.get(name));
  }

  private String value(String name) {
    return known(name)
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "the argument "
                        + name
                        + " has no default; say one before the first FROM: ARG "
                        + name
                        + "=…"));
  }

  private void requireFixed(String name) {
    if (OF_BUILDER.matcher(name).matches() && !values.containsKey(name)) {
      throw new IllegalArgumentException(
          name
              + " depends on the machine that builds; use "
              + name.replace("BUILD", "TARGET")
              + ", or --platform=$BUILDPLATFORM before the image");
    }
  }
}
