package dev.imagespec.runtime.compose;

import dev.imagespec.model.Digest;
import dev.imagespec.runtime.resolve.Content;
import dev.imagespec.runtime.resolve.LayerEntry;
import dev.imagespec.runtime.resolve.OpenArchives;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/**
 * Entries of archives, as the files that jib needs. A file has its length from the start, but no
 * bytes: those are unpacked when the tar comes to it, and deleted when it is in the tar. So one
 * alone is on the disk.
 */
final class PackedEntries implements TarReader.Entries, AutoCloseable {
  private final Path folder;
  private final LayerCheck check;
  private final OpenArchives archives = new OpenArchives();
  private final Set<Path> places = new HashSet<>();
  private Optional<Path> unpacked = Optional.empty();

  /**
   * Entries for a tar.
   *
   * @param folder gets the files
   * @param check is told of all entries, and knows those of the layer
   */
  PackedEntries(Path folder, LayerCheck check) {
    this.folder = folder;
    this.check = check;
  }

  /** The file that will have an entry's bytes. Equal ones share it. */
  Path place(Content.OfEntry packed) throws IOException {
    Path place = folder.resolve(packed.digest().hex() + ".entry");
    if (places.add(place)) {
      empty(place, packed.bytes());
    }
    return place;
  }

  private static void empty(Path place, long length) throws IOException {
    try (RandomAccessFile file = new RandomAccessFile(place.toFile(), "rw")) {
      file.setLength(0);
      file.setLength(length);
    }
  }

  @Override
  public void begin(TarReader.Entry entry) throws IOException {
    Optional<LayerEntry> own = check.next(LayerCheck.path(entry));
    check.begin(entry);
    if (own.isPresent() && own.get().content() instanceof Content.OfEntry packed) {
      Path place = place(packed);
      archives.copy(packed, place);
      unpacked = Optional.of(place);
      if (Files.size(place) != packed.bytes()) {
        throw LayerCheck.changed(own.get().path());
      }
    }
  }

  @Override
  public void end(Digest content) throws IOException {
    if (unpacked.isPresent()) {
      Path place = unpacked.get();
      unpacked = Optional.empty();
      empty(place, Files.size(place));
    }
    check.end(content);
  }

  /** Deletes the files. */
  void clear() throws IOException {
    for (Path place : places) {
      Files.deleteIfExists(place);
    }
    places.clear();
  }

  @Override
  public void close() throws IOException {
    archives.close();
    clear();
  }
}
