package dev.imagespec.check;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Checks {@code aptPackages} by the grammar of the Debian Policy Manual, chapter 5.6, and that of
 * apt-get(8), which takes a pattern as the version.
 */
final class AptCheck {
  private static final Pattern NAME =
      Pattern.compile(
          "([a-z0-9][a-z0-9+.-]+)(?::([a-z][a-z0-9-]*))?(?:=((?:[0-9]+:)?[0-9*?][A-Za-z0-9.+~*?-]*))?");
  private static final Pattern COMMAND =
      Pattern.compile(
          "(?:sudo\\s+)?(?:apt|apt-get|aptitude|apk|yum|dnf)\\s.*?(?:install|add)\\s+(.+)");

  private AptCheck() {}

  static void check(Spec spec, Problems problems) {
    Map<String, Located<String>> seen = new HashMap<>();
    for (Located<String> text : spec.aptPackages()) {
      if (isProvided(text.value(), spec)) {
        continue;
      }
      Matcher matcher = NAME.matcher(text.value());
      if (!matcher.matches() || text.value().endsWith("-")) {
        refuse(text, problems);
        continue;
      }
      String name = matcher.group(1);
      String version = matcher.group(3);
      if (version == null || version.contains("*") || version.contains("?")) {
        problems.add(Message.APT_UNPINNED, text, text.value().replaceFirst("=.*", ""));
        continue;
      }
      Located<String> first = seen.putIfAbsent(name + ":" + matcher.group(2), text);
      if (first != null && !first.value().equals(text.value())) {
        problems.add(Message.DUPLICATE_PACKAGE, text, name, first.path());
      }
    }
  }

  /** Whether a text is the path in the image of a package that is there before the steps run. */
  private static boolean isProvided(String text, Spec spec) {
    return text.startsWith("/") && text.endsWith(".deb") && CopyCheck.mayProvide(spec, text);
  }

  private static void refuse(Located<String> where, Problems problems) {
    String text = where.value();
    String lower = text.toLowerCase(Locale.ROOT);
    if (text.isBlank()) {
      problems.add(Message.APT_EMPTY, where);
    } else if (text.startsWith("-")) {
      problems.add(Message.APT_OPTION, where);
    } else if (!text.strip().equals(text) && NAME.matcher(text.strip()).matches()) {
      problems.add(Message.APT_BLANK, where, text.strip());
    } else if (NAME.matcher(text).matches()) {
      problems.add(Message.APT_REMOVE, where, text.substring(0, text.length() - 1));
    } else if (COMMAND.matcher(text.strip()).matches()) {
      problems.add(Message.APT_COMMAND, where, COMMAND.matcher(text.strip()).replaceFirst("$1"));
    } else if (text.endsWith(".deb")) {
      problems.add(Message.APT_FILE, where, text.substring(text.lastIndexOf('/') + 1));
    } else if (text.strip().matches("\\S+\\s+\\S.*")) {
      problems.add(Message.APT_SPACES, where, text.strip().replaceAll("\\s+", "-"));
    } else if (text.matches("[^=]+==.*")) {
      problems.add(Message.APT_EQUALS, where);
    } else if (text.matches("[^=]+[<>~!]=.*|[^=]+[<>].*")) {
      problems.add(Message.APT_RANGE, where);
    } else if (text.matches("[^,;]+[,;].*")) {
      problems.add(Message.APT_SEVERAL, where);
    } else if (text.contains("/")) {
      problems.add(Message.APT_RELEASE, where);
    } else if (!lower.equals(text) && NAME.matcher(lower).matches()) {
      problems.add(Message.APT_UPPER_CASE, where, lower);
    } else {
      problems.add(Message.APT_PACKAGE, where);
    }
  }
}
