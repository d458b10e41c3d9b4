package dev.imagespec.check;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks environment variables ({@code env}). */
final class EnvCheck {
  /** What containers take. Shells know fewer names, and programs read these themselves. */
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.][A-Za-z0-9_.:/\\[\\]-]*");

  /** Variables that list folders, by custom. A builder's Dockerfile can name them all. */
  private static final Pattern FOLDERS =
      Pattern.compile("(?:[A-Za-z_][A-Za-z0-9_]*)?(?:PATH|_DIRS)");

  private static final Set<String> OVERRIDES = Set.of("PATH", "LD_PRELOAD", "LD_LIBRARY_PATH");

  private EnvCheck() {}

  static void check(Spec spec, Problems problems) {
    Map<String, String> seen = new HashMap<>();
    for (Spec.Env env : spec.env()) {
      String name = env.name().value();
      if (!NAME.matcher(name).matches()) {
        problems.add(Message.ENV_NAME, env.name());
      }
      String first = seen.putIfAbsent(name, env.name().path());
      if (first != null) {
        problems.add(Message.DUPLICATE_ENV, env.name(), first);
      }
      String value = env.text().value();
      switch (env.form()) {
        case VALUE -> value(env, problems);
        case PREPEND -> prepend(env, problems);
        case BOTH -> problems.add(Message.ENV_BOTH, env.text());
        case NOTHING -> problems.add(Message.ENV_NOTHING, env.name());
      }
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

  private static void value(Spec.Env env, Problems problems) {
    Matcher variable = Expansion.VARIABLE.matcher(env.text().value());
    if (OVERRIDES.contains(env.name().value())) {
      problems.add(Message.ENV_OVERRIDE, env.name());
    } else if (variable.find()) {
      problems.add(Message.ENV_NOT_EXPANDED, env.text(), variable.group());
    }
  }

  private static void prepend(Spec.Env env, Problems problems) {
    if (!FOLDERS.matcher(env.name().value()).matches()) {
      problems.add(Message.ENV_PREPEND_NAME, env.name());
    }
    if (!List.of(env.text().value().split(":", -1)).stream().allMatch(EnvCheck::isAbsolute)) {
      problems.add(Message.ENV_PREPEND_PATH, env.text());
    }
  }

  private static boolean isAbsolute(String folder) {
    return folder.startsWith("/") && !Expansion.VARIABLE.matcher(folder).find();
  }
}
