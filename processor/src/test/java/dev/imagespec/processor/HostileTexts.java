package dev.imagespec.processor;

import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/**
 * Texts that mean something to whoever reads them on the way into an image; the same for the same
 * seed.
 */
final class HostileTexts {
  /** What means something to a builder, a shell, JSON, a line or a terminal. */
  private static final List<String> PIECES =
      List.of(
          "\n",
          "\r",
          "\r\n",
          "\t",
          "\u000b",
          "\f",
          "\u0000",
          "\u001b[31m",
          "\u007f",
          "\u0085",
          "\u2028",
          "\u2029",
          "\u00a0",
          "\u3000",
          "\ufeff",
          "\ud83d",
          "\udc00",
          "\ud83d\ude00",
          "\\",
          "\\\\",
          "\\\n",
          "\\\"",
          "\"",
          "'",
          "'\"'\"'",
          "`",
          "`id`",
          "$",
          "$$",
          "$PATH",
          "${X:-y}",
          "${X",
          "$(id)",
          "\\$",
          "%s%n",
          "<<EOF",
          "<<-'EOF'\n",
          "\nEOF\n",
          "#",
          "# syntax=evil/x",
          "\n# escape=`\n",
          "# ",
          "\nRUN evil",
          "\nUSER evil\n",
          " AS x",
          "--from=evil ",
          "--mount=type=bind ",
          "]",
          "[",
          "\", \"",
          "[\"a\"]",
          "{",
          "}",
          "=",
          " ",
          "  ",
          "a=b c=d",
          "*",
          "?",
          "..",
          "/",
          "//",
          "./",
          "/../b",
          ",",
          ";",
          "&&",
          "|",
          "!",
          "~",
          "@",
          ":",
          "-",
          "a",
          "b",
          "Z",
          "0",
          "9",
          "é",
          "漢",
          "\u202e",
          "<error>");

  private static final String SYNTAX = "\"'\\$`#<>=&;[]{}()\n\r ab/.,-";
  private static final int MAX_LENGTH = 20_000;

  private final Random random;

  HostileTexts(long seed) {
    random = new Random(seed);
  }

  /** A text for every attribute: a hostile one, a right one, or one in front of the other. */
  Map<SpecText, String> texts() {
    Map<SpecText, String> texts = new EnumMap<>(SpecText.class);
    for (SpecText attribute : SpecText.values()) {
      String right = attribute.right();
      texts.put(
          attribute,
          switch (random.nextInt(5)) {
            case 0 -> text();
            case 1 -> right + text();
            case 2 -> text() + right;
            case 3 -> right.charAt(0) + text();
            default -> right;
          });
    }
    return texts;
  }

  <T> T oneOf(List<T> choices) {
    return choices.get(random.nextInt(choices.size()));
  }

  private String text() {
    return switch (random.nextInt(10)) {
      case 0, 1 -> characters();
      case 2, 3 -> syntax();
      default -> random.nextInt(61) == 0 ? longText() : pieces();
    };
  }

  private String pieces() {
    StringBuilder text = new StringBuilder();
    int count = 1 + random.nextInt(5);
    for (int n = 0; n < count; n++) {
      text.append(oneOf(PIECES));
    }
    return text.toString();
  }

  private String longText() {
    String text = pieces();
    String repeated = text.repeat(2_000 + random.nextInt(7_001));
    return repeated.substring(0, Math.min(MAX_LENGTH, repeated.length()));
  }

  /** Any of the 65,536 code units, half pairs among them; more often than not one of the first. */
  private String characters() {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(9);
    for (int n = 0; n < length; n++) {
      int bits = 7 + 3 * random.nextInt(4);
      text.append((char) random.nextInt(1 << bits));
    }
    return text.toString();
  }

  private String syntax() {
    StringBuilder text = new StringBuilder();
    int length = random.nextInt(9);
    for (int n = 0; n < length; n++) {
      text.append(SYNTAX.charAt(random.nextInt(SYNTAX.length())));
    }
    return text.toString();
  }

  /** The texts as literals, so that a failing input can be written down again. */
  static String shown(Map<SpecText, String> texts) {
    StringBuilder shown = new StringBuilder();
    texts.forEach((attribute, text) -> shown.append("\n").append(attribute.source(text)));
    return shown.toString();
  }
}
