package dev.imagespec.processor.check;

import dev.imagespec.processor.read.Located;
import dev.imagespec.processor.read.RawSpec;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An image's configuration: {@code env}, {@code labels}, {@code ports}, paths in the image. */
final class ConfigCheck {
  private static final Pattern ENV_NAME = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");
  private static final Pattern PORT =
      Pattern.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?(?:/(?:tcp|udp|sctp))?");
  private static final int MAX_PORT = 65_535;

  private ConfigCheck() {}

  static void check(RawSpec spec, Problems problems) {
    Map<String, String> seen = new HashMap<>();
    for (RawSpec.Pair env : spec.env()) {
      if (!ENV_NAME.matcher(env.name().value()).matches()) {
        problems.add(Message.ENV_NAME, env.name());
      }
      String first = seen.putIfAbsent(env.name().value(), env.name().path());
      if (first != null) {
        problems.add(Message.DUPLICATE_ENV, env.name(), first);
      }
    }
    seen.clear();
    for (RawSpec.Pair label : spec.labels()) {
      if (label.name().value().isBlank()) {
        problems.add(Message.LABEL, label.name(), "a label's key is not empty");
      }
      String first = seen.putIfAbsent(label.name().value(), label.name().path());
      if (first != null) {
        problems.add(Message.LABEL, label.name(), "the label is set twice, first in " + first);
      }
    }
    for (Located<String> port : spec.ports()) {
      if (!isPort(port.value())) {
        problems.add(Message.PORT, port);
      }
    }
    spec.volumes().forEach(volume -> absolute(volume, problems));
    if (!spec.workingDirectory().value().isEmpty()) {
      absolute(spec.workingDirectory(), problems);
    }
  }

  static void absolute(Located<String> path, Problems problems) {
    if (!path.value().startsWith("/")) {
      problems.add(Message.ABSOLUTE_PATH, path);
    }
  }

  private static boolean isPort(String text) {
    Matcher matcher = PORT.matcher(text);
    if (!matcher.matches()) {
      return false;
    }
    int first = Integer.parseInt(matcher.group(1));
    int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
    return first >= 1 && first <= last && last <= MAX_PORT;
  }
}
