package dev.imagespec.runtime.compose;

import dev.imagespec.model.Digest;
import dev.imagespec.runtime.resolve.Content;
import dev.imagespec.runtime.resolve.LayerEntry;
import java.io.BufferedOutputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.Collection;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * A tar in a build context, for ADD, which takes it apart. It says what COPY cannot: owners and
 * modes of exactly its entries, while folders above them stay as they are. Builders know by its
 * content that nothing changed.
 */
final class ContextArchive {
  /** The time of every file, as in layers. */
  private static final long MILLIS = 1_000;

  private static final int MODE = 0777;

  private ContextArchive() {}

  /**
   * Writes one.
   *
   * @param file a file that does not exist
   * @throws dev.imagespec.runtime.ImageSpecException if a file changed after its digest was
   *     computed
   */
  static void write(Path file, Collection<LayerEntry> entries) throws IOException {
    try (OutputStream out =
            new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW));
        TarArchiveOutputStream tar =
            new TarArchiveOutputStream(TarHeaders.to(out), StandardCharsets.UTF_8.name())) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      tar.setAddPaxHeadersForNonAsciiNames(true);
      for (LayerEntry entry : entries) {
        put(entry, tar);
      }
    }
  }

  private static void put(LayerEntry entry, TarArchiveOutputStream tar) throws IOException {
    String name = entry.path().substring(1);
    TarArchiveEntry header = new TarArchiveEntry(entry.isFolder() ? name + "/" : name);
    header.setMode((header.getMode() & ~MODE) | Integer.parseInt(entry.mode(), 8));
    header.setModTime(MILLIS);
    header.setUserId(entry.owner().user());
    header.setGroupId(entry.owner().group());
    header.setUserName("");
    header.setGroupName("");
    header.setSize(entry.bytes());
    tar.putArchiveEntry(header);
    if (!entry.isFolder()) {
      content(entry, tar);
    }
    tar.closeArchiveEntry();
  }

  private static void content(LayerEntry entry, TarArchiveOutputStream tar) throws IOException {
    MessageDigest sha256 = Digest.sha256();
    try (InputStream in = new DigestInputStream(open(entry.content()), sha256)) {
      byte[] buffer = new byte[1 << 16];
      long left = entry.bytes();
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        left -= n;
        if (left < 0) {
          throw LayerCheck.changed(entry.path());
        }
        tar.write(buffer, 0, n);
      }
      if (left > 0 || !entry.digest().orElseThrow().equals(Digest.ofHash(sha256.digest()))) {
        throw LayerCheck.changed(entry.path());
      }
    }
  }

  private static InputStream open(Content content) throws IOException {
    if (content instanceof Content.OfFile file) {
      return Files.newInputStream(file.path());
    }
    return new ByteArrayInputStream(
        content instanceof Content.OfText text
            ? text.text().getBytes(StandardCharsets.UTF_8)
            : new byte[0]);
  }
}
