package dev.imagespec.check;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Checks {@code aptPackages} by the grammar of the Debian Policy Manual, chapter 5.6. */
final class AptCheck {
  private static final Pattern NAME =
      Pattern.compile(
          "([a-z0-9][a-z0-9+.-]+)(?::([a-z][a-z0-9-]*))?(?:=((?:[0-9]+:)?[0-9][A-Za-z0-9.+~-]*))?");

  private AptCheck() {}

  static void check(Spec spec, Problems problems) {
    Map<String, String> seen = new HashMap<>();
    for (Located<String> text : spec.aptPackages()) {
      Matcher matcher = NAME.matcher(text.value());
      if (!matcher.matches()) {
        refuse(text, problems);
        continue;
      }
      String name = matcher.group(1);
      String architecture = matcher.group(2);
      String first = seen.putIfAbsent(name + ":" + architecture, text.path());
      if (first != null) {
        problems.add(Message.DUPLICATE_PACKAGE, text, name, first);
      } else if (matcher.group(3) == null) {
        problems.add(Message.APT_UNPINNED, text, text.value());
      }
    }
  }

  private static void refuse(Located<String> where, Problems problems) {
    String text = where.value();
    String lower = text.toLowerCase(Locale.ROOT);
    if (text.isBlank()) {
      problems.add(Message.APT_EMPTY, where);
    } else if (text.startsWith("-")) {
      problems.add(Message.APT_OPTION, where);
    } else if (text.strip().matches("\\S+\\s+\\S.*")) {
      problems.add(Message.APT_SPACES, where, text.strip().replaceAll("\\s+", "-"));
    } else if (text.matches("[^=]+==.*")) {
      problems.add(Message.APT_EQUALS, where);
    } else if (text.contains("/")) {
      problems.add(Message.APT_RELEASE, where);
    } else if (!lower.equals(text) && NAME.matcher(lower).matches()) {
      problems.add(Message.APT_UPPER_CASE, where, lower);
    } else {
      problems.add(Message.APT_PACKAGE, where);
    }
  }
}
