package dev.imagespec.runtime.record;

import dev.imagespec.model.Digest;
import dev.imagespec.runtime.resolve.LayerInputs;
import dev.imagespec.runtime.work.PrivateFolder;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * The files of a history. Only their owner may read them. Several processes may write at once: each
 * file is replaced as a whole. The oldest are deleted where there are too many.
 */
final class HistoryFolder {
  private static final int DIGITS = 40;

  private final Path path;
  private final PrivateFolder tasks;
  private final PrivateFolder layers;
  private final int mostFiles;
  private final long mostBytes;
  private boolean grown;

  HistoryFolder(Path path) {
    // In each of the two folders.
    this(path, 5_000, 64L << 20);
  }

  HistoryFolder(Path path, int mostFiles, long mostBytes) {
    this.path = path;
    this.tasks = new PrivateFolder(path.resolve("tasks"));
    this.layers = new PrivateFolder(path.resolve("layers"));
    this.mostFiles = mostFiles;
    this.mostBytes = mostBytes;
  }

  Path path() {
    return path;
  }

  /** The file of a task. Names may be longer than those of files, so its hash names it. */
  Path task(String repository, String task) {
    Digest name = Digest.of((repository + "\n" + task).getBytes(StandardCharsets.UTF_8));
    return tasks.path().resolve(name.hex().substring(0, DIGITS) + ".json");
  }

  /** The file of a layer's list of files. */
  Path layer(Digest digest) {
    return layers.path().resolve(digest.hex() + ".json");
  }

  /** Creates the folders that are missing, for their owner alone. */
  void create() throws IOException {
    new PrivateFolder(path).create();
    tasks.create();
    layers.create();
  }

  /**
   * Writes a task's file, unless it has this text already, or the text is too long. A file that
   * stays gets the present time, so that it is not among the oldest.
   */
  void write(Path file, String text, int most) throws IOException {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    if (bytes.length > most || isTouched(file, bytes)) {
      return;
    }
    tasks.replace(String.valueOf(file.getFileName()), draft -> Files.write(draft, bytes));
    grown = true;
  }

  /** Writes a list of files, unless there is one of its layer already. */
  void write(LayerInputs layer, boolean anew) throws IOException {
    Path file = layer(layer.digest());
    if (!anew
        && Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
        && PrivateFolder.touch(file)) {
      return;
    }
    layers.replace(
        String.valueOf(file.getFileName()),
        draft -> {
          try (Writer out = Files.newBufferedWriter(draft)) {
            layer.writeJson(out);
          }
        });
    grown = true;
  }

  private static boolean isTouched(Path file, byte[] bytes) throws IOException {
    try {
      return Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          && Files.size(file) == bytes.length
          && Arrays.equals(Files.readAllBytes(file), bytes)
          && PrivateFolder.touch(file);
    } catch (NoSuchFileException e) {
      // Another process deleted it as one of the oldest.
      return false;
    }
  }

  /** Deletes the oldest files where there are too many, or they are too large together. */
  void prune() throws IOException {
    if (grown) {
      tasks.prune(mostFiles, mostBytes);
      layers.prune(mostFiles, mostBytes);
    }
  }

  @Override
  public String toString() {
    return path.toString();
  }
}
