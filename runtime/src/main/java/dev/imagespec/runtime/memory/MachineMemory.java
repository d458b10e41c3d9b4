package dev.imagespec.runtime.memory;

import dev.imagespec.model.Digest;
import dev.imagespec.model.IoReason;
import dev.imagespec.model.Printable;
import dev.imagespec.model.Repository;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What registrations on this machine learnt, in a folder of the user's cache that may be deleted at
 * any time: the contents of files, the layers that inputs gave, the blobs of repositories. Nothing
 * depends on it. What cannot be read or written is as if it were not there, and what is read may be
 * wrong: who uses it must notice, {@linkplain #forget forget}, and go on without.
 *
 * <p>Nothing is written before {@link #save}. Threads may share a memory, and processes a folder.
 */
public final class MachineMemory {
  private static final String FILES = "files";
  private static final String LAYERS = "layers";
  private static final String BLOBS = "blobs";
  private static final String ASKED = "as-asked";
  private static final int NAME_DIGITS = 40;

  /** Enough of a hash that no two texts of a machine have the same; there may be many of them. */
  private static final int SHORT_BYTES = 12;

  private final @Nullable MemoryFolder folder;
  private final InstantSource clock;
  private final Consumer<String> notes;
  private final int today;
  private boolean failed;

  /** By kind and name of their file. */
  private final Map<Name, Records> records = new ConcurrentHashMap<>();

  private record Name(String kind, String name) {}

  private MachineMemory(
      @Nullable MemoryFolder folder, InstantSource clock, Consumer<String> notes) {
    this.folder = folder;
    this.clock = clock;
    this.notes = notes;
    this.today = (int) TimeUnit.MILLISECONDS.toDays(clock.millis());
  }

  /** A memory that lasts as long as this object. */
  public static MachineMemory none() {
    return new MachineMemory(null, InstantSource.system(), note -> {});
  }

  /**
   * The memory in a folder. If the folder belongs to somebody else, or others may write into it, it
   * is not used, and that is noted.
   *
   * @param notes gets what the user should know, in sentences
   */
  public static MachineMemory in(Path folder, InstantSource clock, Consumer<String> notes) {
    MemoryFolder own = new MemoryFolder(folder);
    Optional<String> objection;
    try {
      objection = own.objection();
    } catch (IOException e) {
      objection = Optional.of("whose it is cannot be found out: " + IoReason.withoutPath(e));
    }
    objection.ifPresent(
        why ->
            notes.accept(
                Printable.line(
                    folder
                        + " is not used: "
                        + why
                        + ". What is remembered of files and layers must be this user's alone; name"
                        + " another folder with imagespec.memory, or none.")));
    return new MachineMemory(objection.isEmpty() ? own : null, clock, notes);
  }

  /** Finds something out. */
  @FunctionalInterface
  public interface Finding<T> {
    /** Reads the file. */
    T find() throws IOException;
  }

  /**
   * Something about a file: what is remembered, if the file is unchanged since, else what is found
   * out now. Where a change within a moment could go unseen, nothing is remembered.
   *
   * @param file the file, links resolved
   */
  public <T> T about(Path file, FileFact<T> fact, Finding<T> finding) throws IOException {
    Optional<FileStamp> stamp = folder == null ? Optional.empty() : FileStamp.of(file);
    if (stamp.isEmpty()) {
      return finding.find();
    }
    Instant before = clock.instant();
    Records known = records(FILES, shard(file));
    String key = shortHash(fact.name() + "\n" + file);
    String start = stamp.get().text() + "=";
    Optional<T> remembered =
        known
            .get(key)
            .filter(word -> word.startsWith(start))
            .flatMap(word -> fact.read().apply(word.substring(start.length())));
    if (remembered.isPresent()) {
      return remembered.get();
    }
    T found = finding.find();
    if (stamp.get().isSettled(before) && stamp.equals(FileStamp.of(file))) {
      known.put(key, start + fact.write().apply(found));
    }
    return found;
  }

  /** The files of a folder are remembered together: they are asked for together. */
  private static String shard(Path file) {
    int hash = String.valueOf(file.getParent()).hashCode();
    return HexFormat.of().toHexDigits((byte) (hash ^ hash >>> 8 ^ hash >>> 16 ^ hash >>> 24));
  }

  /** The layer that these inputs gave. */
  public Optional<KnownLayer> layer(Digest inputs) {
    return layers(inputs).get(inputs.hex()).flatMap(KnownLayer::parse);
  }

  /** Remembers the layer that these inputs gave. */
  public void learn(Digest inputs, KnownLayer layer) {
    layers(inputs).put(inputs.hex(), layer.toWord());
  }

  /** Forgets the layer that these inputs gave: they give another one. */
  public void forget(Digest inputs) {
    layers(inputs).forget(inputs.hex());
  }

  private Records layers(Digest inputs) {
    return records(LAYERS, inputs.hex().substring(0, 2));
  }

  /** Whether a repository was seen to have a blob. */
  public boolean has(Repository repository, Digest blob) {
    return blobs(repository.toString()).get(blob.hex()).isPresent();
  }

  /** The blobs that a repository was seen to have. */
  public Set<Digest> blobs(Repository repository) {
    return blobs(repository.toString()).keys().stream()
        .filter(key -> key.matches("[0-9a-f]{64}"))
        .map(Digest::new)
        .collect(Collectors.toUnmodifiableSet());
  }

  /** Remembers that a repository has blobs. */
  public void saw(Repository repository, Collection<Digest> blobs) {
    Records known = blobs(repository.toString());
    blobs.forEach(blob -> known.put(blob.hex(), "there"));
  }

  /** Forgets what a repository was seen to have: it lacks some of it. */
  public void forget(Repository repository) {
    blobs(repository.toString()).clear();
  }

  /**
   * Whether a repository was found today to be as it was asked to be.
   *
   * @param asked what was asked, in any words
   */
  public boolean isAsAsked(Repository repository, String asked) {
    return blobs(repository.toString()).get(ASKED).equals(Optional.of(today(asked)));
  }

  /** Remembers for today that a repository is as it was asked to be. */
  public void isNowAsAsked(Repository repository, String asked) {
    blobs(repository.toString()).put(ASKED, today(asked));
  }

  private String today(String asked) {
    return today + "," + hash(asked).substring(0, NAME_DIGITS);
  }

  private Records blobs(String repository) {
    return records.computeIfAbsent(
        new Name(BLOBS, hash(repository).substring(0, NAME_DIGITS)),
        name -> read(name, BLOBS + " " + repository));
  }

  private Records records(String kind, String shard) {
    return records.computeIfAbsent(new Name(kind, shard), name -> read(name, kind + " " + shard));
  }

  private Records read(Name name, String title) {
    return new Records(
        title,
        today,
        folder == null ? new HashMap<>() : folder.read(name.kind(), name.name(), title, today));
  }

  private static String shortHash(String text) {
    byte[] hash = Digest.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
    return Base64.getUrlEncoder().encodeToString(Arrays.copyOf(hash, SHORT_BYTES));
  }

  private static String hash(String text) {
    return Digest.of(text.getBytes(StandardCharsets.UTF_8)).hex();
  }

  /**
   * Writes what was learnt and forgotten, for the next registration, and gives back the room that
   * it takes. Nothing may be learnt at the same time. What cannot be written is noted once.
   */
  public void save() {
    if (folder == null || failed) {
      return;
    }
    List<MemoryFolder.Change> changes = new ArrayList<>();
    records.forEach(
        (name, of) -> {
          if (of.isChanged()) {
            changes.add(new MemoryFolder.Change(name.kind(), name.name(), of));
          }
        });
    try {
      if (!changes.isEmpty()) {
        folder.write(changes);
      }
      records.clear();
    } catch (IOException | DirectoryIteratorException e) {
      failed = true;
      notes.accept(
          Printable.line(
              folder
                  + " cannot be written: "
                  + IoReason.of(e, folder.path())
                  + ". The next registration reads all files again. Name another folder with"
                  + " imagespec.memory, or none."));
    }
  }
}
