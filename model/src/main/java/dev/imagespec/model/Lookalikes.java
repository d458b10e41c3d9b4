package dev.imagespec.model;

import java.text.Normalizer;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * Replaces letters of other scripts by the Latin letters that they look like. Follows the
 * "skeleton" of Unicode Technical Standard 39, but only for letters that are used to forge host
 * names.
 */
final class Lookalikes {
  private static final Pattern MARKS = Pattern.compile("\\p{M}+");

  private static final String OTHER =
      "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u0501\u04bb\u04cf\u0432\u043a"
          + "\u043c\u043d\u0442\u03b1\u03bf\u03c1\u03bd\u03b9\u03ba\u03c4\u0131\u0261\u051b\u051d";
  private static final String LATIN = "aeopcyxijsdhlbkmhtaopvlktigqw";

  private Lookalikes() {}

  /** The text in lower case, with lookalike letters replaced by ASCII ones. */
  static String plain(String text) {
    String folded =
        MARKS
            .matcher(Normalizer.normalize(text, Normalizer.Form.NFKD))
            .replaceAll("")
            .toLowerCase(Locale.ROOT);
    StringBuilder plain = new StringBuilder();
    folded
        .codePoints()
        .forEach(
            c -> {
              int at = OTHER.indexOf(c);
              if (at >= 0) {
                plain.append(LATIN.charAt(at));
              } else if (Character.isDigit(c)) {
                plain.append(Character.digit(c, 10));
              } else if (Character.getType(c) != Character.FORMAT) {
                plain.appendCodePoint(c);
              }
            });
    return plain.toString();
  }
}
