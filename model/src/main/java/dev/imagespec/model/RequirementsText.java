package dev.imagespec.model;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.StandardCharsets;
import java.nio.charset.UnsupportedCharsetException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads the bytes and the words of requirements files as pip does. */
final class RequirementsText {
  /** A declaration of the encoding in one of the first two lines, as in Python's sources. */
  private static final Pattern CODING =
      Pattern.compile("\\A(?:#?[^\n]*\n)?#[^\n]*?coding[:=]\\s*([-\\w.]+)");

  private static final int HEAD = 512;

  /** Marks that start a text, and its encoding. The longer come before those they start with. */
  private enum Mark {
    UTF_8(StandardCharsets.UTF_8, 0xef, 0xbb, 0xbf),
    UTF_32_LE(Charset.forName("UTF-32LE"), 0xff, 0xfe, 0, 0),
    UTF_32_BE(Charset.forName("UTF-32BE"), 0, 0, 0xfe, 0xff),
    UTF_16_LE(StandardCharsets.UTF_16LE, 0xff, 0xfe),
    UTF_16_BE(StandardCharsets.UTF_16BE, 0xfe, 0xff);

    @SuppressWarnings("ImmutableEnumChecker") // a charset does not change
    private final Charset charset;

    @SuppressWarnings("ImmutableEnumChecker") // nobody else has the array
    private final int[] bytes;

    Mark(Charset charset, int... bytes) {
      this.charset = charset;
      this.bytes = bytes;
    }

    private boolean starts(byte[] text) {
      for (int i = 0; i < bytes.length; i++) {
        if (i >= text.length || (text[i] & 0xff) != bytes[i]) {
          return false;
        }
      }
      return true;
    }
  }

  private RequirementsText() {}

  /**
   * The text of a file: in the encoding that a mark at its start or a comment declares, else UTF-8.
   *
   * @throws IllegalArgumentException if the file is not in that encoding; the message says so
   */
  static String decode(byte[] bytes) {
    for (Mark mark : Mark.values()) {
      if (mark.starts(bytes)) {
        int start = mark.bytes.length;
        return decode(ByteBuffer.wrap(bytes, start, bytes.length - start), mark.charset);
      }
    }
    String head = new String(bytes, 0, Math.min(bytes.length, HEAD), StandardCharsets.ISO_8859_1);
    Matcher coding = CODING.matcher(head);
    return decode(
        ByteBuffer.wrap(bytes), coding.find() ? charset(coding.group(1)) : StandardCharsets.UTF_8);
  }

  private static Charset charset(String name) {
    try {
      return Charset.forName(
          name.replaceFirst("(?i)^latin[-_]", "latin").replaceFirst("-sig$", ""));
    } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
      throw new IllegalArgumentException(
          "there is no encoding " + name + "; save the file as UTF-8", e);
    }
  }

  private static String decode(ByteBuffer bytes, Charset charset) {
    try {
      return charset.newDecoder().decode(bytes).toString();
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          "the file is not " + charset.name() + "; save it as UTF-8", e);
    }
  }

  /** The words of the options on a line, without the quotes of a shell. */
  static List<String> words(String text) {
    List<String> words = new ArrayList<>();
    StringBuilder word = new StringBuilder();
    boolean isWord = false;
    char quote = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (quote != 0 && c == quote) {
        quote = 0;
      } else if (quote == 0 && (c == '"' || c == '\'')) {
        quote = c;
        isWord = true;
      } else if (quote == 0 && Character.isWhitespace(c)) {
        if (isWord) {
          words.add(word.toString());
        }
        word.setLength(0);
        isWord = false;
      } else {
        word.append(c);
        isWord = true;
      }
    }
    if (quote != 0) {
      throw new IllegalArgumentException("a quote is not closed");
    }
    if (isWord) {
      words.add(word.toString());
    }
    return words;
  }
}
