package dev.imagespec.processor.check;

import dev.imagespec.processor.read.RawSpec;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** Environment variables: {@code env}. */
final class EnvCheck {
  private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Set<String> OVERRIDES = Set.of("PATH", "LD_PRELOAD", "LD_LIBRARY_PATH");

  private EnvCheck() {}

  static void check(RawSpec spec, Problems problems) {
    Map<String, String> seen = new HashMap<>();
    for (RawSpec.Pair env : spec.env()) {
      String name = env.name().value();
      if (!NAME.matcher(name).matches()) {
        problems.add(Message.ENV_NAME, env.name());
      }
      String first = seen.putIfAbsent(name, env.name().path());
      if (first != null) {
        problems.add(Message.DUPLICATE_ENV, env.name(), first);
      }
      if (OVERRIDES.contains(name)) {
        problems.add(Message.ENV_OVERRIDE, env.name());
      }
      if (env.value().value().isEmpty()) {
        continue;
      }
      if (Credentials.isWellKnown(name)) {
        problems.add(
            Message.CREDENTIAL, env.name(), "programs take a credential from this variable");
      } else if (Credentials.looksSecret(name) && Credentials.in(env.value().value()).isEmpty()) {
        problems.add(Message.SECRET_NAME, env.name());
      }
    }
  }
}
