package dev.imagespec.runtime.compose;

import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntry;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.blob.Blob;
import com.google.cloud.tools.jib.image.ReproducibleLayerBuilder;
import com.google.common.collect.ImmutableList;
import com.google.common.collect.Lists;
import dev.imagespec.model.Digest;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.resolve.Content;
import dev.imagespec.runtime.resolve.Layer;
import dev.imagespec.runtime.resolve.LayerEntry;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * Writes a layer in one pass: jib writes the tar, the same for the same files on every machine, and
 * on its way to the file it is checked, hashed and compressed.
 */
final class LayerWriter {
  /**
   * The time of every file. Jib's default, because some tools read the epoch itself as "unknown".
   */
  private static final Instant FILE_TIME = Instant.EPOCH.plusSeconds(1);

  private static final int BUFFER = 1 << 16;

  /**
   * How many entries jib gets at a time, for it holds about a kilobyte for each. Each part has the
   * folders above its entries, so that those may stand in a tar more than once.
   */
  private static final int PART = 8192;

  static {
    // jib writes numbers into its regular expressions in the language of the machine, in whose
    // digits they are none. Let it do that once, here, in digits.
    Locale own = Locale.getDefault(Locale.Category.FORMAT);
    Locale.setDefault(Locale.Category.FORMAT, Locale.ROOT);
    try {
      ImageReference.scratch();
    } finally {
      Locale.setDefault(Locale.Category.FORMAT, own);
    }
  }

  private final Layer layer;
  private final Path folder;
  private final Compressors compressors;

  /** Folders that are not root's, by path. */
  private final Map<String, LayerEntry> owned = new HashMap<>();

  /**
   * The writer of a layer.
   *
   * @param folder a folder for it alone
   * @param compressors threads to compress with
   */
  LayerWriter(Layer layer, Path folder, Compressors compressors) {
    this.layer = layer;
    this.folder = folder;
    this.compressors = compressors;
    layer.entries().stream()
        .filter(entry -> entry.isFolder() && !entry.owner().isRoot())
        .forEach(entry -> owned.put(entry.path(), entry));
  }

  /**
   * Writes the layer.
   *
   * @throws ImageSpecException with {@link FailureCode#FILE_CHANGED} if a file changed after its
   *     fingerprint was computed
   */
  BuiltLayer write() throws IOException {
    Path file = folder.resolve("layer.tar.gz");
    MessageDigest digest = Digest.sha256();
    MessageDigest diffId = Digest.sha256();
    LayerCheck check = new LayerCheck(layer);
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER);
        BlockGzip gzip = new BlockGzip(new DigestOutputStream(out, digest), compressors);
        OutputStream tar = TarHeaders.to(new DigestOutputStream(gzip, diffId));
        PackedEntries packed = new PackedEntries(folder, check)) {
      for (List<LayerEntry> part : Lists.partition(layer.entries(), PART)) {
        tar(withOwnedFolders(part), packed).writeTo(new TarReader(new TarPart(tar), packed));
        packed.clear();
      }
      check.finish();
      TarPart.end(tar);
      gzip.finish();
    }
    FileBlob blob = new FileBlob(file, Digest.ofHash(digest.digest()), Files.size(file));
    return new BuiltLayer(layer.name(), blob, Digest.ofHash(diffId.digest()));
  }

  /** Jib would add the folders above a part as root's, though an earlier part has another owner. */
  private Collection<LayerEntry> withOwnedFolders(List<LayerEntry> part) {
    if (owned.isEmpty()) {
      return part;
    }
    Map<String, LayerEntry> all = new TreeMap<>();
    part.forEach(entry -> all.put(entry.path(), entry));
    for (String above : LayerEntry.withFoldersAbove(all).keySet()) {
      LayerEntry own = owned.get(above);
      if (own != null) {
        all.put(above, own);
      }
    }
    return all.values();
  }

  private Blob tar(Collection<LayerEntry> part, PackedEntries packed) throws IOException {
    ImmutableList.Builder<FileEntry> entries = ImmutableList.builder();
    for (LayerEntry entry : part) {
      entries.add(
          new FileEntry(
              source(entry, packed),
              AbsoluteUnixPath.get(entry.path()),
              FilePermissions.fromOctalString(entry.mode()),
              FILE_TIME,
              entry.owner().toString()));
    }
    return new ReproducibleLayerBuilder(entries.build()).build();
  }

  private Path source(LayerEntry entry, PackedEntries packed) throws IOException {
    if (entry.content() instanceof Content.OfFile file) {
      return file.path();
    }
    if (entry.content() instanceof Content.OfEntry inArchive) {
      return packed.place(inArchive);
    }
    if (entry.content() instanceof Content.OfText text) {
      return Files.writeString(
          folder.resolve(entry.digest().orElseThrow().hex() + ".txt"), text.text());
    }
    return folder;
  }
}
