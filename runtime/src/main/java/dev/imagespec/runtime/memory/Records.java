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
  private final Map<String, RecordFile.Entry> changed = new HashMap<>();
  private final Map<String, String> forgotten = new HashMap<>();
  private boolean cleared;

  Records(String title, int today, Map<String, RecordFile.Entry> known) {
    this.title = title;
    this.today = today;
    this.known = new HashMap<>(known);
  }

  synchronized Optional<String> get(String key) {
    RecordFile.Entry entry = known.get(key);
    if (entry == null) {
      return Optional.empty();
    }
    if (entry.day() + FRESH < today) {
      put(key, entry.value());
    }
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
      RecordFile.Entry entry = new RecordFile.Entry(value, today);
      known.put(key, entry);
      changed.put(key, entry);
    }
  }

  /** Forgets a value that was wrong. Another one, which another process may have learnt, stays. */
  synchronized void forget(String key) {
    RecordFile.Entry before = known.remove(key);
    changed.remove(key);
    if (before != null) {
      forgotten.put(key, before.value());
    }
  }

  /** Forgets all, also what another process learns meanwhile. */
  synchronized void clear() {
    known.clear();
    changed.clear();
    forgotten.clear();
    cleared = true;
  }

  synchronized boolean isChanged() {
    return cleared || !changed.isEmpty() || !forgotten.isEmpty();
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
    merged.putAll(changed);
    RecordFile.write(draft, title, today, merged);
    known.clear();
    known.putAll(merged);
    changed.clear();
    forgotten.clear();
    cleared = false;
  }
}
