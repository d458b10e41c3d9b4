package dev.imagespec.json;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * JSON (RFC 8259) for this project's own documents: manifests, locks, records, fingerprints.
 *
 * <p>The values are {@code Map<String, ?>}, {@code List<?>}, {@link String}, {@link Boolean} and
 * whole numbers ({@link Long}, {@link Integer}). Our documents have no fractions and no {@code
 * null}. Keys are sorted by their UTF-16 code units, so equal values have equal text.
 */
public final class Json {
  /** The parser refuses deeper nesting, so that a hostile document cannot exhaust the stack. */
  private static final int MAX_DEPTH = 64;

  private Json() {}

  /**
   * Writes the canonical form of RFC 8785 (JCS): no white space, sorted keys, the shortest escapes.
   *
   * @throws IllegalArgumentException if a string has an unpaired surrogate, which has no UTF-8
   *     form, or a value has a type that is not named above
   */
  public static String canonical(Object value) {
    StringBuilder out = new StringBuilder();
    write(value, out, -1);
    return out.toString();
  }

  /**
   * Like {@link #canonical}, but with one line per entry, an indent of two spaces, and a final line
   * feed.
   */
  public static String pretty(Object value) {
    StringBuilder out = new StringBuilder();
    write(value, out, 0);
    return out.append('\n').toString();
  }

  /**
   * Reads one JSON document.
   *
   * @throws IllegalArgumentException if the text is not JSON, or has a duplicate key, a fraction, a
   *     {@code null} or an unpaired surrogate; the message names the line and column
   */
  public static Object parse(String text) {
    return new Parser(text).document();
  }

  private static void write(Object value, StringBuilder out, int indent) {
    if (value instanceof String text) {
      quote(text, out);
    } else if (value instanceof Boolean || value instanceof Long || value instanceof Integer) {
      out.append(value);
    } else if (value instanceof List<?> list) {
      if (list.isEmpty()) {
        out.append("[]");
        return;
      }
      char before = '[';
      for (Object entry : list) {
        out.append(before);
        newLine(out, indent, 1);
        write(entry, out, indent < 0 ? indent : indent + 1);
        before = ',';
      }
      newLine(out, indent, 0);
      out.append(']');
    } else if (value instanceof Map<?, ?> map) {
      if (map.isEmpty()) {
        out.append("{}");
        return;
      }
      Map<String, Object> sorted = new TreeMap<>();
      map.forEach((key, entry) -> sorted.put((String) key, entry));
      char before = '{';
      for (Map.Entry<String, Object> entry : sorted.entrySet()) {
        out.append(before);
        newLine(out, indent, 1);
        quote(entry.getKey(), out);
        out.append(indent < 0 ? ":" : ": ");
        write(entry.getValue(), out, indent < 0 ? indent : indent + 1);
        before = ',';
      }
      newLine(out, indent, 0);
      out.append('}');
    } else {
      throw new IllegalArgumentException("not a JSON value of ours: " + value);
    }
  }

  private static void newLine(StringBuilder out, int indent, int deeper) {
    if (indent >= 0) {
      out.append('\n').append("  ".repeat(indent + deeper));
    }
  }

  private static void quote(String text, StringBuilder out) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\b' -> out.append("\\b");
        case '\t' -> out.append("\\t");
        case '\n' -> out.append("\\n");
        case '\f' -> out.append("\\f");
        case '\r' -> out.append("\\r");
        default -> {
          if (c < 0x20) {
            out.append(String.format("\\u%04x", (int) c));
          } else if (Character.isSurrogate(c)) {
            if (!Character.isHighSurrogate(c)
                || i + 1 == text.length()
                || !Character.isLowSurrogate(text.charAt(i + 1))) {
              throw new IllegalArgumentException("unpaired surrogate at index " + i);
            }
            out.append(c).append(text.charAt(++i));
          } else {
            out.append(c);
          }
        }
      }
    }
    out.append('"');
  }

  private static final class Parser {
    private final String text;
    private int at;
    private int depth;

    Parser(String text) {
      this.text = text;
    }

    Object document() {
      Object value = value();
      blank();
      if (at < text.length()) {
        throw wrong("text after the end of the document");
      }
      return value;
    }

    private Object value() {
      blank();
      if (++depth > MAX_DEPTH) {
        throw wrong("nested deeper than " + MAX_DEPTH);
      }
      Object value =
          switch (peek()) {
            case '{' -> object();
            case '[' -> array();
            case '"' -> string();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            default -> number();
          };
      depth--;
      return value;
    }

    private Map<String, Object> object() {
      Map<String, Object> map = new TreeMap<>();
      at++;
      if (closes('}')) {
        return map;
      }
      do {
        blank();
        if (peek() != '"') {
          throw wrong("expected a key in double quotes");
        }
        String key = string();
        expect(':');
        if (map.put(key, value()) != null) {
          throw wrong("the key \"" + key + "\" stands twice");
        }
      } while (another('}'));
      return map;
    }

    private List<Object> array() {
      List<Object> list = new ArrayList<>();
      at++;
      if (closes(']')) {
        return list;
      }
      do {
        list.add(value());
      } while (another(']'));
      return list;
    }

    private String string() {
      at++;
      StringBuilder out = new StringBuilder();
      while (true) {
        char c = next();
        if (c == '"') {
          if (hasHalf(out)) {
            throw wrong("half of a surrogate pair, which is no character");
          }
          return out.toString();
        } else if (c < 0x20) {
          throw wrong("a control character inside a string");
        } else if (c != '\\') {
          out.append(c);
        } else {
          out.append(escape());
        }
      }
    }

    private static boolean hasHalf(CharSequence text) {
      return text.codePoints().anyMatch(c -> c >= 0xD800 && c <= 0xDFFF);
    }

    private char escape() {
      char c = next();
      return switch (c) {
        case '"', '\\', '/' -> c;
        case 'b' -> '\b';
        case 't' -> '\t';
        case 'n' -> '\n';
        case 'f' -> '\f';
        case 'r' -> '\r';
        case 'u' -> {
          int code = 0;
          for (int i = 0; i < 4; i++) {
            char hex = next();
            int digit = hex < 0x80 ? Character.digit(hex, 16) : -1;
            if (digit < 0) {
              throw wrong("expected four hex digits");
            }
            code = code * 16 + digit;
          }
          yield (char) code;
        }
        default -> throw wrong("unknown escape");
      };
    }

    private Object number() {
      int start = at;
      if (peek() == '-') {
        at++;
      }
      while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9') {
        at++;
      }
      String digits = text.substring(start, at);
      if (!digits.matches("-?(0|[1-9][0-9]{0,17})")
          || (at < text.length() && ".eE".indexOf(text.charAt(at)) >= 0)) {
        at = start;
        throw wrong("expected a string, a whole number, true, false, an object or an array");
      }
      return Long.valueOf(digits);
    }

    private Object word(String word, Object value) {
      if (!text.startsWith(word, at)) {
        throw wrong("expected " + word);
      }
      at += word.length();
      return value;
    }

    private boolean closes(char end) {
      blank();
      if (peek() != end) {
        return false;
      }
      at++;
      return true;
    }

    private boolean another(char end) {
      if (closes(end)) {
        return false;
      }
      expect(',');
      return true;
    }

    private void expect(char c) {
      blank();
      if (peek() != c) {
        throw wrong("expected '" + c + "'");
      }
      at++;
    }

    private void blank() {
      while (at < text.length() && " \t\r\n".indexOf(text.charAt(at)) >= 0) {
        at++;
      }
    }

    private char peek() {
      if (at >= text.length()) {
        throw wrong("the document ends too early");
      }
      return text.charAt(at);
    }

    private char next() {
      char c = peek();
      at++;
      return c;
    }

    private IllegalArgumentException wrong(String what) {
      int end = Math.min(at, text.length());
      long line = text.substring(0, end).chars().filter(c -> c == '\n').count() + 1;
      int column = end - text.lastIndexOf('\n', Math.max(0, end - 1));
      if (end > 0 && text.charAt(end - 1) == '\n') {
        column = 1;
      }
      return new IllegalArgumentException(
          "not JSON at line " + line + ", column " + column + ": " + what);
    }
  }
}
