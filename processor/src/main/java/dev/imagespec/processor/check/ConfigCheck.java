package dev.imagespec.processor.check;

import dev.imagespec.processor.read.Located;
import dev.imagespec.processor.read.RawSpec;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An image's configuration: labels, ports, user, and paths in the image. */
final class ConfigCheck {
  private static final Pattern PORT =
      Pattern.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?(?:/(?:tcp|udp))?");
  private static final String NAME = "(?:[0-9]{1,10}|[A-Za-z_][A-Za-z0-9_.-]{0,31})";
  private static final Pattern USER = Pattern.compile(NAME + "(?::" + NAME + ")?");
  private static final List<String> OWN_LABELS = List.of("dev.imagespec.");
  private static final int MAX_PORT = 65_535;
  private static final int MAX_NAME = 255;
  private static final String WHITEOUT = ".wh.";

  private ConfigCheck() {}

  static void check(RawSpec spec, Problems problems) {
    labels(spec, problems);
    for (Located<String> port : spec.ports()) {
      if (!isPort(port.value())) {
        problems.add(Message.PORT, port);
      }
    }
    if (!spec.user().value().isEmpty() && !USER.matcher(spec.user().value()).matches()) {
      problems.add(Message.USER, spec.user());
    }
    for (Located<String> volume : spec.volumes()) {
      path(volume, problems);
      if (volume.value().equals("/")) {
        problems.add(Message.IMAGE_PATH, volume, "a volume is a folder below /");
      }
    }
    if (!spec.workingDirectory().value().isEmpty()) {
      path(spec.workingDirectory(), problems);
    }
    spec.copy().forEach(copy -> path(copy.to(), problems));
  }

  private static void labels(RawSpec spec, Problems problems) {
    Map<String, String> seen = new HashMap<>();
    for (RawSpec.Pair label : spec.labels()) {
      String key = label.name().value();
      if (key.isBlank()) {
        problems.add(Message.LABEL, label.name(), "a label's key is not empty");
      } else if (key.contains("=") || key.chars().anyMatch(Character::isWhitespace)) {
        problems.add(Message.LABEL, label.name(), "a label's key has no = and no spaces");
      } else if (OWN_LABELS.stream().anyMatch(key::startsWith)) {
        problems.add(
            Message.LABEL,
            label.name(),
            "labels that start with dev.imagespec. are set by registration");
      }
      String first = seen.putIfAbsent(key, label.name().path());
      if (first != null) {
        problems.add(Message.LABEL, label.name(), "the label is set twice, first in " + first);
      }
    }
  }

  private static void path(Located<String> path, Problems problems) {
    String text = path.value();
    List<String> parts = Arrays.asList(text.split("/", -1));
    if (!text.startsWith("/")) {
      problems.add(Message.IMAGE_PATH, path, "a path in the image is absolute: it starts with /");
    } else if (parts.contains("..")) {
      problems.add(Message.IMAGE_PATH, path, "a path in the image has no ..; write it out");
    } else if (isBlank(text.codePointBefore(text.length()))) {
      // Builders that read Dockerfiles take it away.
      problems.add(Message.IMAGE_PATH, path, "a path in the image does not end with white space");
    } else if (parts.stream().anyMatch(part -> part.startsWith(WHITEOUT))) {
      problems.add(
          Message.IMAGE_PATH,
          path,
          "names that start with " + WHITEOUT + " delete files in a layer");
    } else if (parts.stream()
        .anyMatch(part -> part.getBytes(StandardCharsets.UTF_8).length > MAX_NAME)) {
      problems.add(Message.IMAGE_PATH, path, "a file's name has at most " + MAX_NAME + " bytes");
    }
  }

  private static boolean isBlank(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
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
