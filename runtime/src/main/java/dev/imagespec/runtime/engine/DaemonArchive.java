package dev.imagespec.runtime.engine;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.imagespec.model.Digest;
import dev.imagespec.runtime.oci.Descriptor;
import dev.imagespec.runtime.oci.ImageManifest;
import dev.imagespec.runtime.oci.MediaType;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.work.BoundedFile;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * What {@code docker save} writes: a tar with {@code manifest.json}, which names a configuration
 * and layers that are not compressed. All versions of Docker write that file; only new ones write
 * an OCI layout beside it.
 */
final class DaemonArchive {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int MAX_DOCUMENT = 8 << 20;
  private static final int BUFFER = 1 << 16;

  /** As many as a path of links may have in an old archive, whose equal layers are links. */
  private static final int MOST_LINKS = 8;

  private final Path scratch;
  private final Map<String, Path> files = new HashMap<>();
  private final Map<String, String> links = new HashMap<>();

  private DaemonArchive(Path scratch) {
    this.scratch = scratch;
  }

  /**
   * Turns the only image of an archive into an OCI layout.
   *
   * @param scratch a folder for the files of the archive
   * @param layout the folder to write
   * @throws IOException if it cannot be read or written, or is no such archive
   */
  static void toLayout(Path archive, Path scratch, Path layout) throws IOException {
    DaemonArchive image = new DaemonArchive(scratch);
    image.extract(archive);
    image.write(layout);
  }

  /** Extracts the files under names of our own: no name in the archive becomes a path. */
  private void extract(Path archive) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new BufferedInputStream(Files.newInputStream(archive), BUFFER))) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        if (entry.isFile() && !entry.isLink() && !entry.isSymbolicLink()) {
          Path file = scratch.resolve("file-" + files.size());
          Files.copy(tar, file);
          files.put(entry.getName(), file);
        } else if (entry.isSymbolicLink()) {
          Path to = Path.of("/" + entry.getName()).resolveSibling(entry.getLinkName()).normalize();
          links.put(entry.getName(), to.toString().substring(1));
        } else if (entry.isLink()) {
          links.put(entry.getName(), entry.getLinkName());
        }
      }
    }
  }

  private Path file(String name) throws IOException {
    String at = name;
    for (int i = 0; i < MOST_LINKS && links.containsKey(at); i++) {
      at = links.getOrDefault(at, at);
    }
    Path file = files.get(at);
    if (file == null) {
      throw new IOException("it has no file " + name);
    }
    return file;
  }

  private void write(Path layout) throws IOException {
    JsonNode images = JSON.readTree(BoundedFile.read(file("manifest.json"), MAX_DOCUMENT));
    if (images.size() != 1) {
      throw new IOException("it has " + images.size() + " images");
    }
    OciLayout written = OciLayout.create(layout);
    byte[] config = BoundedFile.read(file(images.get(0).path("Config").asText()), MAX_DOCUMENT);
    List<Descriptor> layers = new ArrayList<>();
    for (JsonNode layer : images.get(0).path("Layers")) {
      layers.add(compressed(file(layer.asText()), written));
    }
    ImageManifest manifest =
        new ImageManifest(
            Descriptor.of(MediaType.OCI_CONFIG, written.put(config), config.length), layers);
    RawManifest top = manifest.write();
    written.put(top.bytes());
    written.finish(top);
  }

  private Descriptor compressed(Path layer, OciLayout layout) throws IOException {
    Path draft = scratch.resolve("compressed");
    MessageDigest sha256 = Digest.sha256();
    try (InputStream in = Files.newInputStream(layer);
        OutputStream out = new DigestOutputStream(Files.newOutputStream(draft), sha256);
        OutputStream gzip = new GZIPOutputStream(out, BUFFER)) {
      in.transferTo(gzip);
    }
    Digest digest = Digest.ofHash(sha256.digest());
    long size = Files.size(draft);
    Files.move(draft, layout.blob(digest), StandardCopyOption.REPLACE_EXISTING);
    return Descriptor.of(MediaType.OCI_LAYER_GZIP, digest, size);
  }
}
