package dev.imagespec.runtime.resolve;

import com.google.common.io.ByteStreams;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/** Reads entries of archives. Keeps each archive open, so that many entries cost one opening. */
public final class OpenArchives implements AutoCloseable {
  private final Map<Path, ZipFile> open = new HashMap<>();

  /**
   * An entry's bytes, at most as many as it had.
   *
   * @throws ImageSpecException with {@link FailureCode#FILE_CHANGED} if the archive has it no
   *     longer
   */
  public InputStream open(Content.OfEntry content) throws IOException {
    ZipFile zip = open.get(content.archive());
    if (zip == null) {
      zip = reopened(content.archive());
      open.put(content.archive(), zip);
    }
    ZipEntry entry = zip.getEntry(content.name());
    if (entry == null) {
      throw changed(content.archive(), new ZipException("no entry " + content.name()));
    }
    return ByteStreams.limit(zip.getInputStream(entry), content.bytes());
  }

  private static ZipFile reopened(Path archive) {
    try {
      return new ZipFile(archive.toFile());
    } catch (IOException e) {
      throw changed(archive, e);
    }
  }

  private static ImageSpecException changed(Path archive, IOException e) {
    return new ImageSpecException(
        FailureCode.FILE_CHANGED,
        archive + " changed while it was being registered. Register again.",
        e);
  }

  /** Writes an entry's bytes to a file, in the place of what it has. */
  public void copy(Content.OfEntry content, Path file) throws IOException {
    try (InputStream in = open(content);
        OutputStream out = Files.newOutputStream(file)) {
      in.transferTo(out);
    }
  }

  @Override
  public void close() {
    for (ZipFile zip : open.values()) {
      try {
        zip.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
