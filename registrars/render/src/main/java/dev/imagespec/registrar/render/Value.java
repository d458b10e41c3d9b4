package dev.imagespec.registrar.render;

/**
 * A scalar value of a text.
 *
 * @param text the value, without quotes
 * @param start the index of its first character in the text
 */
record Value(String text, int start) {
  int end() {
    return start + text.length();
  }
}
