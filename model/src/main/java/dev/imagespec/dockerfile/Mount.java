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

  /** The image or stage that a mount reads from, with its place. */
  static Optional<Word> from(Word mount) {
    int at = mount.text().startsWith("from=") ? 0 : mount.text().indexOf(",from=") + 1;
    if (at == 0 && !mount.text().startsWith("from=")) {
      return Optional.empty();
    }
    int start = at + "from=".length();
    int comma = mount.text().indexOf(',', start);
    int end = comma < 0 ? mount.text().length() : comma;
    boolean isWhole = mount.end() - mount.start() == mount.text().length();
    return Optional.of(
        new Word(
            mount.text().substring(start, end),
            mount.start() + start,
            // Where a line ends in it, no place can be told.
            isWhole ? mount.start() + end : mount.end() + 1));
  }
}
