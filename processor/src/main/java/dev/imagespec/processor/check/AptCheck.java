package dev.imagespec.processor.check;

import dev.imagespec.processor.read.Located;
import dev.imagespec.processor.read.RawSpec;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Debian packages: {@code aptPackages}, by the grammar of the Debian Policy Manual, chapter 5.6.
 */
final class AptCheck {
  private static final Pattern NAME =
      Pattern.compile(
          "([a-z0-9][a-z0-9+.-]+)(?::([a-z][a-z0-9-]*))?(?:=((?:[0-9]+:)?[0-9][A-Za-z0-9.+~-]*))?");

  private AptCheck() {}

  static void check(RawSpec spec, Problems problems) {
    Map<String, String> seen = new HashMap<>();
    for (Located<String> text : spec.aptPackages()) {
      Matcher matcher = NAME.matcher(text.value());
      if (!matcher.matches()) {
        problems.add(Message.APT_PACKAGE, text, explain(text.value()));
        continue;
      }
      String name = matcher.group(1);
      String architecture = matcher.group(2);
      String first = seen.putIfAbsent(name + ":" + architecture, text.path());
      if (first != null) {
        problems.add(Message.DUPLICATE_PACKAGE, text, name, first);
      } else if (matcher.group(3) == null) {
        problems.add(Message.UNPINNED_PACKAGE, text, text.value() + "=<version>");
      }
    }
  }

  private static String explain(String text) {
    if (text.isBlank()) {
      return "an empty text is no package; remove it";
    }
    if (text.startsWith("-")) {
      return "options of apt have no place here; use commands";
    }
    if (text.strip().matches("\\S+\\s+\\S.*")) {
      return "a package's name has no spaces; is it \""
          + text.strip().replaceAll("\\s+", "-")
          + "\", or are these several texts?";
    }
    if (text.matches("[^=]+==.*")) {
      return "Debian's versions stand after a single =, as in git=1:2.39.5-0+deb12u2";
    }
    if (text.contains("/")) {
      return "a release is not a version and moves; name the version, as in git=1:2.39.5-0+deb12u2";
    }
    String lower = text.toLowerCase(Locale.ROOT);
    if (!lower.equals(text) && NAME.matcher(lower).matches()) {
      return "a package's name has no upper-case letters; write \"" + lower + "\"";
    }
    return "a package is named by lower-case letters, digits, + - and . (two at least), optionally with"
        + " :architecture and =version";
  }
}
