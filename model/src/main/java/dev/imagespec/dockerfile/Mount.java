package dev.imagespec.dockerfile;

import dev.imagespec.dockerfile.Instruction.Word;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * A mount of a RUN.
 *
 * @param type {@code bind}, {@code cache}, {@code secret} and so on
 * @param options its options by name
 */
record Mount(String type, Map<String, String> options) {
  Mount {
    options = Map.copyOf(options);
  }

  static Mount of(String text) {
    Map<String, String> options = new HashMap<>();
    for (String option : text.split(",", -1)) {
      int equals = option.indexOf('=');
      String name = equals < 0 ? option : option.substring(0, equals);
      options.put(
          name.strip().toLowerCase(Locale.ROOT), equals < 0 ? "" : option.substring(equals + 1));
    }
    return new Mount(options.getOrDefault("type", "bind").toLowerCase(Locale.ROOT), options);
  }

  /** The first of these options that it has. */
  Optional<String> option(String... names) {
    for (String name : names) {
      String value = options.get(name);
      if (value != null) {
        return Optional.of(value);
      }
    }
    return Optional.empty();
  }

  /** The image or stage that a mount reads from, with its place. Of several, the last counts. */
  static Optional<Word> from(Word mount) {
    boolean isWhole = mount.end() - mount.start() == mount.text().length();
    Optional<Word> found = Optional.empty();
    int at = 0;
    for (String option : mount.text().split(",", -1)) {
      int equals = option.indexOf('=');
      if (equals >= 0 && option.substring(0, equals).strip().equalsIgnoreCase("from")) {
        int start = mount.start() + at + equals + 1;
        int end = mount.start() + at + option.length();
        // Where a line ends in it, no place can be told.
        found =
            Optional.of(
                new Word(option.substring(equals + 1), start, isWhole ? end : mount.end() + 1));
      }
      at += option.length() + 1;
    }
    return found;
  }
}
