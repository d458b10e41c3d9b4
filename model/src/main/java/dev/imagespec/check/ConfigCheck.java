package dev.imagespec.check;

import dev.imagespec.model.ImagePath;
import dev.imagespec.model.PortRange;
import dev.imagespec.model.StopSignal;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Checks the image's configuration: labels, ports, user, and paths in the image. */
final class ConfigCheck {
  private static final String NAME = "(?:[0-9]{1,10}|[A-Za-z_][A-Za-z0-9_.-]{0,31})";
  private static final Pattern USER = Pattern.compile(NAME + "(?::" + NAME + ")?");
  private static final String OWN_LABELS = "dev.imagespec.";
  private static final int MAX_NAME = 255;

  /** How many bytes the path of a file may have in Linux, without the NUL at its end. */
  private static final int MAX_PATH = 4095;

  private ConfigCheck() {}

  static void check(Spec spec, Problems problems) {
    labels(spec, problems);
    for (Located<String> port : spec.ports()) {
      if (!isPort(port.value())) {
        problems.add(Message.PORT, port);
      }
    }
    if (!spec.user().value().isEmpty() && !USER.matcher(spec.user().value()).matches()) {
      problems.add(Message.USER, spec.user());
    }
    signal(spec.stopSignal(), problems);
    for (Located<String> volume : spec.volumes()) {
      path(volume, problems);
      if (volume.value().equals("/")) {
        problems.add(Message.VOLUME_ROOT, volume);
      }
    }
    if (!spec.workingDirectory().value().isEmpty()) {
      path(spec.workingDirectory(), problems);
    }
    spec.copy().forEach(copy -> path(copy.to(), problems));
  }

  private static void signal(Located<String> signal, Problems problems) {
    String text = signal.value();
    if (text.isEmpty() || StopSignal.isSignal(text)) {
      return;
    }
    Optional<String> meant = StopSignal.meant(text);
    if (meant.isPresent()) {
      problems.add(Message.STOP_SIGNAL_MEANT, signal, meant.get());
    } else {
      problems.add(Message.STOP_SIGNAL, signal);
    }
  }

  private static void labels(Spec spec, Problems problems) {
    Map<String, String> seen = new HashMap<>();
    for (Spec.Pair label : spec.labels()) {
      String key = label.name().value();
      if (key.isBlank()) {
        problems.add(Message.LABEL_EMPTY, label.name());
      } else if (key.contains("=") || key.chars().anyMatch(Character::isWhitespace)) {
        problems.add(Message.LABEL_KEY, label.name());
      } else if (key.startsWith(OWN_LABELS)) {
        problems.add(Message.LABEL_OWN, label.name());
      }
      String first = seen.putIfAbsent(key, label.name().path());
      if (first != null) {
        problems.add(Message.LABEL_TWICE, label.name(), first);
      }
    }
  }

  static void path(Located<String> path, Problems problems) {
    String text = path.value();
    List<String> parts = Arrays.asList(text.split("/", -1));
    Optional<String> expanded = Expansion.inPath(text);
    if (expanded.isPresent()) {
      problems.add(Message.IMAGE_PATH_NOT_EXPANDED, path, expanded.get());
    } else if (!text.startsWith("/")) {
      problems.add(Message.IMAGE_PATH_RELATIVE, path);
    } else if (parts.contains("..")) {
      problems.add(Message.IMAGE_PATH_UP, path);
    } else if (isBlank(text.codePointBefore(text.length()))) {
      // Builders strip it when they read a Dockerfile.
      problems.add(Message.IMAGE_PATH_BLANK, path);
    } else if (ImagePath.deletesFiles(text)) {
      problems.add(Message.IMAGE_PATH_WHITEOUT, path);
    } else if (bytes(text) > MAX_PATH || parts.stream().anyMatch(part -> bytes(part) > MAX_NAME)) {
      problems.add(Message.IMAGE_PATH_LENGTH, path);
    }
  }

  private static int bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }

  private static boolean isBlank(int c) {
    return Character.isWhitespace(c) || Character.isSpaceChar(c);
  }

  private static boolean isPort(String text) {
    try {
      PortRange unused = PortRange.parse(text);
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }
}
