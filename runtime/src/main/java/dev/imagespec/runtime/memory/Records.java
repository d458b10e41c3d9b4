package dev.imagespec.runtime.memory;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * The records of one file: as they were when they were first asked for, and what this registration
 * changed in them. Threads may share them.
 */
final class Records {
  /** After how many days a record that is of use is said to be: not each time. */
  private static final int FRESH = 7;

  private final String title;
  private final int today;
  private final Map<String, RecordFile.Entry> known;
  private final Map<String, String> forgotten = new HashMap<>();
  private boolean changed;
  private boolean cleared;

  /**
   * The records of a file.
   *
   * @param known what it has; changed from now on
   */
  Records(String title, int today, Map<String, RecordFile.Entry> known) {
    this.title = title;
    this.today = today;
    this.known = known;
  }

  synchronized Optional<String> get(String key) {
    RecordFile.Entry entry = known.get(key);
    if (entry == null) {
      return Optional.empty();
    }
    put(key, entry.value());
    return Optional.of(entry.value());
  }

  synchronized Set<String> keys() {
    return Set.copyOf(known.keySet());
  }

  /** Remembers a value, unless it is known already, or no word. */
  synchronized void put(String key, String value) {
    RecordFile.Entry before = known.get(key);
    boolean isKnown =
        before != null && before.value().equals(value) && before.day() + FRESH >= today;
    if (!isKnown && RecordFile.isWord(key) && RecordFile.isWord(value)) {
      known.put(key, new RecordFile.Entry(value, today, true));
      changed = true;
    }
  }

  /** Forgets a value that was wrong. Another one, which another process may have learnt, stays. */
  synchronized void forget(String key) {
    RecordFile.Entry before = known.remove(key);
    if (before != null) {
      forgotten.put(key, before.value());
    }
  }

  /** Forgets all, also what another process learns meanwhile. */
  synchronized void clear() {
    known.clear();
    forgotten.clear();
    cleared = true;
  }

  synchronized boolean isChanged() {
    return changed || cleared || !forgotten.isEmpty();
  }

  /**
   * Writes what changed, together with what is in the file by now.
   *
   * @param draft what takes the file's place
   */
  synchronized void write(Path file, Path draft) throws IOException {
    Map<String, RecordFile.Entry> merged =
        cleared ? new HashMap<>() : RecordFile.read(file, title, today);
    forgotten.forEach(
        (key, value) ->
            merged.computeIfPresent(
                key, (same, entry) -> entry.value().equals(value) ? null : entry));
    known.forEach(
        (key, entry) -> {
          if (entry.isNew()) {
            merged.put(key, entry);
          }
        });
    RecordFile.write(draft, title, today, merged);
  }
}
