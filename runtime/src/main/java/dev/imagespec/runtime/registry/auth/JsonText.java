package dev.imagespec.runtime.registry.auth;

import com.fasterxml.jackson.databind.JsonNode;

/** Texts in the JSON of other programs. */
final class JsonText {
  private JsonText() {}

  /** The text of a field; empty if it is absent or {@code null}, which Jackson calls a text. */
  static String of(JsonNode json, String field) {
    return of(json.path(field));
  }

  static String of(JsonNode value) {
    return value.isNull() ? "" : value.asText();
  }
}
