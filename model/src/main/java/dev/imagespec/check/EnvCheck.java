package dev.imagespec.check;

import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks environment variables ({@code env}). */
final class EnvCheck {
  /** What containers take. Shells know fewer names, and programs read these themselves. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.][A-Za-z0-9_.:/\\[\\]-]*");

  private static final Set<String> OVERRIDES = Set.of("PATH", "LD_PRELOAD", "LD_LIBRARY_PATH");

  private EnvCheck() {}

  static void check(Spec spec, Problems problems) {
    Map<String, String> seen = new HashMap<>();
    for (Spec.Pair env : spec.env()) {
      String name = env.name().value();
      if (!NAME.matcher(name).matches()) {
        problems.add(Message.ENV_NAME, env.name());
      }
      String first = seen.putIfAbsent(name, env.name().path());
      if (first != null) {
        problems.add(Message.DUPLICATE_ENV, env.name(), first);
      }
      Matcher variable = Expansion.VARIABLE.matcher(env.value().value());
      if (OVERRIDES.contains(name)) {
        problems.add(Message.ENV_OVERRIDE, env.name());
      } else if (variable.find()) {
        problems.add(Message.ENV_NOT_EXPANDED, env.value(), variable.group());
      }
      String value = env.value().value();
      if (value.isEmpty()) {
        continue;
      }
      if (Credentials.isWellKnown(name)) {
        problems.add(Message.CREDENTIAL_VARIABLE, env.name());
      } else if (SecretName.looksSecret(name, value) && Credentials.in(value).isEmpty()) {
        problems.add(Message.SECRET_NAME, env.name());
      }
    }
  }
}
