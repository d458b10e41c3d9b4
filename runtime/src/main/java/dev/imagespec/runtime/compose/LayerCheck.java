package dev.imagespec.runtime.compose;

import dev.imagespec.model.Digest;
import dev.imagespec.model.FileOwner;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.resolve.Layer;
import dev.imagespec.runtime.resolve.LayerEntry;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Reads a layer back and compares it with what its fingerprint was computed from. Otherwise a file
 * that changed in between would be registered under the fingerprint of other content.
 */
final class LayerCheck {
  private LayerCheck() {}

  /**
   * Checks a gzipped layer.
   *
   * @return its diff ID: the digest of the uncompressed tar
   * @throws ImageSpecException with {@link FailureCode#FILE_CHANGED} if an entry is missing or
   *     differs
   */
  static Digest check(Layer layer, Path gzip) throws IOException {
    Map<String, LayerEntry> missing = new HashMap<>();
    layer.entries().forEach(entry -> missing.put(entry.path(), entry));
    MessageDigest sha256 = Digest.sha256();
    try (InputStream file = new BufferedInputStream(Files.newInputStream(gzip), 1 << 16);
        DigestInputStream tar = new DigestInputStream(new GZIPInputStream(file, 1 << 16), sha256);
        TarArchiveInputStream in = new TarArchiveInputStream(tar, StandardCharsets.UTF_8.name())) {
      for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        LayerEntry expected = missing.remove(path(entry));
        if (expected == null) {
          // Jib adds the parent folders of the entries.
          if (!entry.isDirectory()) {
            throw changed(path(entry));
          }
          continue;
        }
        boolean same =
            expected.digest().isEmpty()
                ? entry.isDirectory()
                : entry.isFile() && expected.digest().get().equals(digest(in));
        if (!same
            || Integer.parseInt(expected.mode(), 8) != (entry.getMode() & 0777)
            || !expected.owner().equals(owner(entry))) {
          throw changed(expected.path());
        }
      }
      tar.transferTo(java.io.OutputStream.nullOutputStream());
    }
    if (!missing.isEmpty()) {
      throw changed(missing.keySet().iterator().next());
    }
    return Digest.ofHash(sha256.digest());
  }

  private static FileOwner owner(TarArchiveEntry entry) {
    return new FileOwner(entry.getLongUserId(), entry.getLongGroupId());
  }

  private static String path(TarArchiveEntry entry) {
    String name = entry.getName();
    return "/" + (name.endsWith("/") ? name.substring(0, name.length() - 1) : name);
  }

  private static Digest digest(InputStream in) throws IOException {
    MessageDigest sha256 = Digest.sha256();
    byte[] buffer = new byte[1 << 16];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      sha256.update(buffer, 0, n);
    }
    return Digest.ofHash(sha256.digest());
  }

  static ImageSpecException changed(String path) {
    return new ImageSpecException(
        FailureCode.FILE_CHANGED,
        "The file for " + path + " changed while it was being registered. Register again.");
  }
}
