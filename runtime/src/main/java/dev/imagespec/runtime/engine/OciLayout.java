package dev.imagespec.runtime.engine;

import dev.imagespec.model.Digest;
import dev.imagespec.runtime.oci.RawManifest;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** An image in a folder, while an engine writes it (OCI image specification, "Image Layout"). */
final class OciLayout {
  private static final Pattern FILE =
      Pattern.compile("(?:\\./)?(oci-layout|index\\.json|blobs/sha256/[0-9a-f]{64})");
  private static final int BUFFER = 1 << 16;

  private final Path folder;

  private OciLayout(Path folder) {
    this.folder = folder;
  }

  static OciLayout create(Path folder) throws IOException {
    Files.createDirectories(folder.resolve("blobs/sha256"));
    return new OciLayout(folder);
  }

  /** Takes the files of a layout, and no other, out of a tar. */
  static void extract(Path tar, Path folder) throws IOException {
    create(folder);
    try (TarArchiveInputStream in =
        new TarArchiveInputStream(new BufferedInputStream(Files.newInputStream(tar), BUFFER))) {
      for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        var name = FILE.matcher(entry.getName());
        if (entry.isFile() && !entry.isLink() && !entry.isSymbolicLink() && name.matches()) {
          Files.copy(in, folder.resolve(name.group(1)));
        }
      }
    }
  }

  Path blob(Digest digest) {
    return folder.resolve("blobs/sha256").resolve(digest.hex());
  }

  Digest put(byte[] bytes) throws IOException {
    Digest digest = Digest.of(bytes);
    Files.write(blob(digest), bytes);
    return digest;
  }

  /** Writes what says that the folder is a layout, and which image it has. */
  void finish(RawManifest top) throws IOException {
    Files.writeString(folder.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    String index =
        "{\"schemaVersion\":2,\"manifests\":[{\"mediaType\":\""
            + top.mediaType()
            + "\",\"digest\":\""
            + top.digest()
            + "\",\"size\":"
            + top.bytes().length
            + "}]}";
    Files.write(folder.resolve("index.json"), index.getBytes(StandardCharsets.UTF_8));
  }
}
