package dev.imagespec.runtime.registry;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a registry wants to be authenticated to: a {@code WWW-Authenticate} header (RFC 9110, section
 * 11.6.1).
 *
 * @param scheme {@code basic} or {@code bearer}
 * @param parameters by lower-case name
 */
record Challenge(String scheme, Map<String, String> parameters) {
  private static final Pattern SCHEME = Pattern.compile("\\s*([A-Za-z]+)(?:\\s+(.*))?");
  private static final Pattern PARAMETER =
      Pattern.compile("([A-Za-z_]+)\\s*=\\s*(?:\"((?:[^\"\\\\]|\\\\.)*)\"|([^\\s,\"]+))");

  /** The first challenge that can be met, Bearer before Basic. */
  static Optional<Challenge> of(List<String> headers) {
    Optional<Challenge> basic = Optional.empty();
    for (String header : headers) {
      Matcher scheme = SCHEME.matcher(header);
      if (!scheme.matches()) {
        continue;
      }
      String name = scheme.group(1).toLowerCase(Locale.ROOT);
      Map<String, String> parameters = new TreeMap<>();
      Matcher parameter = PARAMETER.matcher(scheme.group(2) == null ? "" : scheme.group(2));
      while (parameter.find()) {
        String value =
            parameter.group(2) == null
                ? parameter.group(3)
                : parameter.group(2).replaceAll("\\\\(.)", "$1");
        parameters.put(parameter.group(1).toLowerCase(Locale.ROOT), value);
      }
      Challenge challenge = new Challenge(name, parameters);
      if (name.equals("bearer")) {
        return Optional.of(challenge);
      }
      if (name.equals("basic")) {
        basic = Optional.of(challenge);
      }
    }
    return basic;
  }

  boolean isBearer() {
    return scheme.equals("bearer");
  }

  String parameter(String name) {
    return parameters.getOrDefault(name, "");
  }
}
