package dev.imagespec.runtime.resolve;

import dev.imagespec.json.Json;
import dev.imagespec.model.Digest;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.IoReason;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Printable;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.work.AtomicFile;
import dev.imagespec.runtime.work.BoundedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The lock: what every base reference stands for, and how often somebody asked to rebuild each
 * environment, so that registrations give the same images until somebody wants others. A JSON
 * document with sorted keys, meant to be committed.
 */
public final class LockFile {
  static final int SCHEMA = 1;

  private final Path file;
  private final Map<String, LockedBase> bases = new TreeMap<>();
  private final Map<String, Integer> rebuilds = new TreeMap<>();
  private boolean changed;

  /** How large a lock may be, in bytes: thousands of bases and environments. */
  private static final int MOST = 16 << 20;

  /** How much of a reason is said, in characters: it may quote what stands in the lock. */
  private static final int MOST_SHOWN = 400;

  private static final int MOST_REBUILDS = 1_000_000;

  /** An environment's key: its tag before the first rebuild. */
  private static final Pattern ENVIRONMENT = Pattern.compile("env[0-9]{1,9}-[0-9a-f]{32}");

  private LockFile(Path file) {
    this.file = file;
  }

  /**
   * Reads a lock. A file that does not exist counts as empty.
   *
   * @throws ImageSpecException if the file cannot be read or is not a lock
   */
  public static LockFile read(Path file) {
    LockFile lock = new LockFile(file);
    try {
      lock.parse(
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(BoundedFile.read(file, MOST)))
              .toString());
    } catch (NoSuchFileException e) {
      return lock;
    } catch (IOException | IllegalArgumentException e) {
      throw new ImageSpecException(
          FailureCode.INVALID_LOCK,
          "The lock "
              + file
              + " cannot be read: "
              + Printable.start(IoReason.of(e, file), MOST_SHOWN)
              + ". Restore it, name another with --lock, or delete it and write it afresh with"
              + " `imagespec lock`.",
          e);
    }
    return lock;
  }

  /** The locked digests of a reference, if the lock has them. */
  public Optional<LockedBase> get(ImageReference reference) {
    return Optional.ofNullable(bases.get(reference.toString()));
  }

  /** Records the current digests of a reference. If they are those of before, their day stays. */
  public void put(ImageReference reference, LockedBase base) {
    if (!base.isSame(bases.get(reference.toString()))) {
      bases.put(reference.toString(), base);
      changed = true;
    }
  }

  /** The references that it has, in their normal form. */
  public Set<String> references() {
    return Collections.unmodifiableSet(bases.keySet());
  }

  /** How often a rebuild of an environment was asked for. */
  int rebuilds(Environment environment) {
    return rebuilds.getOrDefault(environment.key(), 0);
  }

  /**
   * Asks for a rebuild of an environment: the same inputs with another number are another
   * environment.
   */
  void rebuild(Environment environment) {
    rebuilds.merge(environment.key(), 1, Integer::sum);
    changed = true;
  }

  /** The lock's file. */
  public Path file() {
    return file;
  }

  /**
   * Writes the lock if it has changed since it was read. Readers see either the old or the new
   * file.
   *
   * @return whether it was written
   */
  public boolean write() {
    if (!changed) {
      return false;
    }
    AtomicFile.write(file, toJson());
    changed = false;
    return true;
  }

  String toJson() {
    Map<String, Object> entries = new TreeMap<>();
    bases.forEach(
        (reference, base) -> {
          Map<String, String> platforms = new TreeMap<>();
          base.platforms()
              .forEach((platform, digest) -> platforms.put(platform.toString(), digest.toString()));
          Map<String, Object> entry = new TreeMap<>();
          entry.put("digest", base.digest().toString());
          entry.put("platforms", platforms);
          base.day().ifPresent(day -> entry.put("locked", day.toString()));
          entries.put(reference, entry);
        });
    Map<String, Object> document = new TreeMap<>();
    document.put("schema", SCHEMA);
    document.put("bases", entries);
    if (!rebuilds.isEmpty()) {
      document.put("rebuilds", rebuilds);
    }
    return Json.pretty(document);
  }

  private void parse(String json) {
    if (!(Json.parse(json) instanceof Map<?, ?> document)) {
      throw new IllegalArgumentException("it is no object");
    }
    if (!Long.valueOf(SCHEMA).equals(document.get("schema"))) {
      throw new IllegalArgumentException(
          "it has schema " + document.get("schema") + ", this release reads schema " + SCHEMA);
    }
    if (!(document.get("bases") instanceof Map<?, ?> entries)) {
      throw new IllegalArgumentException("it has no \"bases\"");
    }
    for (Map.Entry<?, ?> entry : entries.entrySet()) {
      ImageReference reference = ImageReference.parse((String) entry.getKey());
      if (!(entry.getValue() instanceof Map<?, ?> base)
          || !(base.get("digest") instanceof String digest)
          || !(base.get("platforms") instanceof Map<?, ?> digests)
          || digests.isEmpty()) {
        throw new IllegalArgumentException(reference + " has no digest or no platforms");
      }
      Map<Platform, Digest> platforms = new TreeMap<>();
      digests.forEach(
          (platform, value) ->
              platforms.put(
                  Platform.parse((String) platform),
                  Digest.parse(value instanceof String text ? text : "")));
      bases.put(
          reference.toString(),
          new LockedBase(Digest.parse(digest), platforms, day(reference, base.get("locked"))));
    }
    if (document.containsKey("rebuilds")) {
      if (!(document.get("rebuilds") instanceof Map<?, ?> counts)) {
        throw new IllegalArgumentException("its \"rebuilds\" are no object");
      }
      counts.forEach((environment, times) -> rebuilds.put(key(environment), count(times)));
    }
  }

  private static @Nullable LocalDate day(ImageReference reference, @Nullable Object day) {
    if (day == null) {
      return null;
    }
    try {
      return LocalDate.parse(day instanceof String text ? text : "");
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "the day on which " + reference + " was locked is no date such as 2026-11-02", e);
    }
  }

  private static String key(Object environment) {
    if (!(environment instanceof String key) || !ENVIRONMENT.matcher(key).matches()) {
      throw new IllegalArgumentException("its \"rebuilds\" name what is no environment");
    }
    return key;
  }

  private static int count(Object times) {
    if (!(times instanceof Long count) || count < 1 || count > MOST_REBUILDS) {
      throw new IllegalArgumentException(
          "a count in its \"rebuilds\" is no number between 1 and " + MOST_REBUILDS);
    }
    return count.intValue();
  }
}
