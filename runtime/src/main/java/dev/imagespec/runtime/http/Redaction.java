package dev.imagespec.runtime.http;

import dev.imagespec.model.Printable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Masks credentials in text from servers. A server may quote what it, or another server, received,
 * and that must not get into a message or a log. Apply it to the text that will be printed: a
 * credential that JSON escapes is found only after the JSON was read.
 *
 * <p>Finds a credential as it is, in Base64, escaped as in JSON and percent-encoded, whatever the
 * case of its letters.
 */
public final class Redaction {
  private static final String MASK = "***";

  /** Four bytes of UTF-8, or two UTF-16 units in JSON. */
  private static final int LONGEST_ESCAPE = 12;

  /** What stands at the end of a text that was shortened, perhaps within a credential. */
  private static final char CUT = '…';

  /** Shorter texts are no secrets, and masking them would hide ordinary words. */
  private static final int SHORTEST = 4;

  private static final int LONGEST_QUOTE = 400;

  private final Set<String> secrets = ConcurrentHashMap.newKeySet();

  /** A redaction that knows no secret yet. */
  public Redaction() {}

  /** Masks the credential in the {@code Authorization} header, too. */
  void addFrom(Map<String, String> headers) {
    String value = headers.getOrDefault("Authorization", "");
    int space = value.indexOf(' ');
    if (space < 0) {
      return;
    }
    String secret = value.substring(space + 1);
    if (value.startsWith("Basic ")) {
      String pair = new String(Base64.getDecoder().decode(secret), StandardCharsets.UTF_8);
      int colon = pair.indexOf(':');
      addBasic(pair.substring(0, colon), pair.substring(colon + 1));
    } else {
      add(secret);
    }
  }

  /** Masks the parts of a Basic credential, too, together and the password alone. */
  public void addBasic(String user, String password) {
    addInBase64(user + ":" + password);
    add(password);
  }

  /** Masks this secret, too. */
  public void add(String secret) {
    if (secret.length() >= SHORTEST) {
      secrets.add(secret);
      // As Reply and Fields put it on one line, and as a header's bytes are read.
      secrets.add(Printable.line(secret));
      secrets.add(new String(secret.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
      addInBase64(secret);
    }
  }

  private void addInBase64(String secret) {
    byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
    secrets.add(Base64.getEncoder().withoutPadding().encodeToString(bytes));
    secrets.add(Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
  }

  /** The text with all secrets masked. */
  public String apply(String text) {
    boolean[] hidden = new boolean[text.length()];
    boolean any = false;
    for (String secret : secrets) {
      if (secret.length() < SHORTEST) {
        continue;
      }
      for (Spelling spelling : Spelling.values()) {
        int last = spelling.isPossibleIn(text) ? text.length() : 0;
        for (int from = 0; from < last; from++) {
          int to = spelling.end(text, from, secret);
          if (to > from) {
            Arrays.fill(hidden, from, to, true);
            any = true;
          }
        }
      }
    }
    return any ? masked(text, hidden) : text;
  }

  /**
   * A server's text for a message: with credentials masked, shortened, on one line, without
   * unprintable characters.
   */
  public String quotable(String text) {
    String printable = apply(Printable.line(apply(text)));
    return printable.length() > LONGEST_QUOTE
        ? printable.substring(0, LONGEST_QUOTE) + "…"
        : printable;
  }

  private static String masked(String text, boolean[] hidden) {
    StringBuilder masked = new StringBuilder();
    for (int i = 0; i < hidden.length; i++) {
      if (!hidden[i]) {
        masked.append(text.charAt(i));
      } else if (i == 0 || !hidden[i - 1]) {
        masked.append(MASK);
      }
    }
    return masked.toString();
  }

  /** Whether a text has a secret in it. */
  public boolean finds(String text) {
    return !apply(text).equals(text);
  }

  /** An exception of the same meaning whose text, and whose causes' text, tells no secret. */
  IOException apply(IOException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (finds(cause.toString())) {
        return new IOException(apply(String.valueOf(failure.getMessage())));
      }
    }
    return failure;
  }

  /** How a server may write a secret. One text uses one spelling for all characters. */
  private enum Spelling {
    PLAIN("") {
      @Override
      int end(String text, int at, int character) {
        return literal(text, at, character);
      }
    },
    JSON("\\") {
      @Override
      int end(String text, int at, int character) {
        if (text.charAt(at) != '\\') {
          return character == '"' ? -1 : literal(text, at, character);
        }
        int special = "\"\\/\b\f\n\r\t".indexOf(character);
        if (special >= 0 && text.startsWith("\\" + "\"\\/bfnrt".charAt(special), at)) {
          return at + 2;
        }
        StringBuilder escaped = new StringBuilder();
        for (char unit : Character.toChars(character)) {
          escaped.append(String.format(Locale.ROOT, "\\u%04x", (int) unit));
        }
        return literal(text, at, escaped.toString());
      }
    },
    PERCENT("%+") {
      @Override
      int end(String text, int at, int character) {
        if (text.charAt(at) == '+' && character == ' ') {
          return at + 1;
        }
        if (text.charAt(at) != '%') {
          return literal(text, at, character);
        }
        StringBuilder encoded = new StringBuilder();
        for (byte octet : Character.toString(character).getBytes(StandardCharsets.UTF_8)) {
          encoded.append(String.format(Locale.ROOT, "%%%02x", octet & 0xff));
        }
        return literal(text, at, encoded.toString());
      }
    };

    /** The characters that begin an escape; a text without them has no escapes. */
    private final String escapes;

    Spelling(String escapes) {
      this.escapes = escapes;
    }

    boolean isPossibleIn(String text) {
      return this == PLAIN || escapes.chars().anyMatch(escape -> text.indexOf(escape) >= 0);
    }

    /** Where a character that starts at an index ends; -1 if it does not start there. */
    abstract int end(String text, int at, int character);

    /**
     * Where a secret that starts at an index ends, or where the text was cut off within it; -1 if
     * it does not start there.
     */
    int end(String text, int from, String secret) {
      int at = from;
      for (int i = 0; i < secret.length(); ) {
        int character = secret.codePointAt(i);
        int next = at < text.length() ? end(text, at, character) : -1;
        if (next < 0) {
          return i >= SHORTEST ? cut(text, at) : -1;
        }
        at = next;
        i += Character.charCount(character);
      }
      return at;
    }

    /** Where a text was cut off, at this index or within the escape that starts there; else -1. */
    private int cut(String text, int at) {
      int cut = text.indexOf(CUT, at);
      boolean isEscape = at < text.length() && escapes.indexOf(text.charAt(at)) >= 0;
      return cut == at || (isEscape && cut > at && cut - at < LONGEST_ESCAPE) ? cut : -1;
    }

    private static int literal(String text, int at, int character) {
      return literal(text, at, Character.toString(character));
    }

    private static int literal(String text, int at, String wanted) {
      return text.regionMatches(true, at, wanted, 0, wanted.length()) ? at + wanted.length() : -1;
    }
  }

  @Override
  public String toString() {
    return "Redaction[hidden]";
  }
}
