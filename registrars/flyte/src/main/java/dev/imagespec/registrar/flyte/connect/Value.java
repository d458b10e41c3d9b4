package dev.imagespec.registrar.flyte.connect;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * A value that somebody configured.
 *
 * @param where who said it: {@code imagespec.flyte.scopes}, or a file with line and key
 * @param code the kind of failure if it is wrong
 * @param texts the value, or the list's values
 * @param isList whether it was written as a list
 */
record Value(String where, FailureCode code, List<String> texts, boolean isList) {
  private static final ObjectMapper JSON = new ObjectMapper();

  Value {
    texts = List.copyOf(texts);
  }

  static Value setting(String name, String text) {
    return new Value(
        "imagespec.flyte." + name, FailureCode.INVALID_SETTING, List.of(text.strip()), false);
  }

  /** The failure if it is wrong; the message must not quote what may be a secret. */
  ImageSpecException wrong(String message) {
    return new ImageSpecException(code, where + ": " + message);
  }

  /** One text. */
  String text() {
    if (isList) {
      throw wrong("must be one text, not a list.");
    }
    return texts.get(0);
  }

  boolean flag() {
    return switch (text().toLowerCase(Locale.ROOT)) {
      case "true" -> true;
      case "false" -> false;
      default -> throw wrong("must be true or false.");
    };
  }

  /** Several texts: a list, or a text with commas or blanks between them. */
  List<String> list() {
    return isList
        ? texts
        : Arrays.stream(texts.get(0).split("[,\\s]+", -1)).filter(text -> !text.isEmpty()).toList();
  }

  /** A program with its arguments: a list, a text that is one in JSON, or words with blanks. */
  List<String> command() {
    List<String> words = words();
    if (words.isEmpty() || words.get(0).isBlank()) {
      throw wrong("must be a program and its arguments.");
    }
    if (words.stream().anyMatch(word -> word.indexOf('\0') >= 0)) {
      throw wrong("holds a NUL character, which no program takes.");
    }
    return words;
  }

  private List<String> words() {
    if (isList || !texts.get(0).startsWith("[")) {
      return isList
          ? texts
          : Arrays.stream(texts.get(0).split("\\s+", -1)).filter(word -> !word.isEmpty()).toList();
    }
    try {
      List<String> words = Arrays.asList(JSON.readValue(texts.get(0), String[].class));
      if (words.stream().allMatch(Objects::nonNull)) {
        return words;
      }
    } catch (JsonProcessingException e) {
      // The exception's message would quote the command.
      throw noList();
    }
    throw noList();
  }

  private ImageSpecException noList() {
    return wrong("is no list of texts in JSON, such as [\"get-token\",\"--quiet\"].");
  }

  @Override
  public String toString() {
    return "Value[" + where + "]";
  }
}
