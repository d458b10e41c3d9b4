package dev.imagespec.check;

import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The words of a text that a shell would take apart. */
final class Words {
  private Words() {}

  static List<String> of(String text) {
    return Arrays.stream(text.strip().split("\\s+", -1)).filter(word -> !word.isEmpty()).toList();
  }

  /** The words as elements of an array in a source. */
  static String elements(List<String> words) {
    return words.stream()
        .map(word -> "\"" + word.replace("\\", "\\\\").replace("\"", "\\\"") + "\"")
        .collect(Collectors.joining(", ", "{", "}"));
  }
}
