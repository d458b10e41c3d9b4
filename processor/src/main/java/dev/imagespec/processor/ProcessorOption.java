package dev.imagespec.processor;

import java.util.Arrays;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** The options of the processor: {@code -A<key>=<value>}. */
enum ProcessorOption {
  /** The project directory. Without it, the compiler does not check the project's files. */
  PROJECT_DIR("imagespec.projectDir"),
  /** Turns warnings into errors, unless it is {@code false}. */
  STRICT("imagespec.strict"),
  /** AWS regions that are newer than this release, separated by commas. */
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

  /** The option's value, or empty if it is not set. */
  String in(Map<String, String> options) {
    String value = options.get(key);
    return value == null ? "" : value;
  }

  /** Whether the option is set and is not {@code false}. */
  boolean isSet(Map<String, String> options) {
    return options.containsKey(key) && !"false".equals(options.get(key));
  }

  /** The option's comma-separated values. */
  Set<String> list(Map<String, String> options) {
    return Arrays.stream(in(options).split(",", -1))
        .map(String::strip)
        .filter(value -> !value.isEmpty())
        .collect(Collectors.toUnmodifiableSet());
  }
}
