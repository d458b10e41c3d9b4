package dev.imagespec.runtime.oci;

import java.nio.charset.StandardCharsets;

/** Short texts of documents for tests. */
final class Documents {
  /** A digest that can be told from others. */
  static final String ONE = "sha256:" + "1".repeat(64);

  static final String TWO = "sha256:" + "2".repeat(64);

  private Documents() {}

  /** A document in which single quotes stand for double ones. */
  static byte[] json(String text) {
    return text.replace('\'', '"').replace("$1", ONE).getBytes(StandardCharsets.UTF_8);
  }
}
