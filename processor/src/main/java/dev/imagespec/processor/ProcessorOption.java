package dev.imagespec.processor;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The options that the processor takes: {@code -A<key>=<value>}. */
enum ProcessorOption {
  /** Where the project's files are; without it, nobody looks for them at compile time. */
  PROJECT_DIR("imagespec.projectDir"),
  /** Makes warnings errors, unless it is {@code false}. */
  STRICT("imagespec.strict"),
  /** AWS regions newer than this release, with commas between them. */
  EXTRA_REGIONS("imagespec.extraRegions");

  private final String key;

  ProcessorOption(String key) {
    this.key = key;
  }

  String key() {
    return key;
  }

  static Set<String> keys() {
    return Arrays.stream(values()).map(option -> option.key).collect(Collectors.toSet());
  }

  /** The option's value; empty if it is not given. */
  String in(Map<String, String> options) {
    String value = options.get(key);
    return value == null ? "" : value;
  }

  /** Whether the option is given, and is not {@code false}. */
  boolean isSet(Map<String, String> options) {
    return options.containsKey(key) && !"false".equals(options.get(key));
  }

  /** The option's values, which commas stand between. */
  Set<String> list(Map<String, String> options) {
    return Arrays.stream(in(options).split(",", -1))
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }
}
