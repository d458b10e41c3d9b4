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
import dev.imagespec.model.IoReason;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.resolve.Content;
import dev.imagespec.runtime.resolve.Layer;
import dev.imagespec.runtime.resolve.LayerEntry;
import dev.imagespec.runtime.resolve.OpenArchives;
import dev.imagespec.runtime.work.Once;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.ClosedByInterruptException;
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
import java.util.zip.GZIPOutputStream;

/**
 * Builds payload layers, each distinct layer once. Jib writes the tar, the same for the same files
 * on every machine.
 */
public final class LayerBuilder {
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

  private final Workspace workspace;
  private final Once<Digest, BuiltLayer> built = new Once<>();

  public LayerBuilder(Workspace workspace) {
    this.workspace = workspace;
  }

  /**
   * Builds a layer, or returns the equal one that was built before.
   *
   * @throws ImageSpecException with {@link FailureCode#FILE_CHANGED} if a file changed after its
   *     fingerprint was computed
   */
  public BuiltLayer build(Layer layer) {
    Digest input = layer.inputDigest();
    return built.get(input, () -> build(layer, input));
  }

  private BuiltLayer build(Layer layer, Digest input) {
    try {
      Path folder = workspace.folder(input.hex());
      FileBlob blob = write(layer, folder, folder.resolve("layer.tar.gz"));
      return new BuiltLayer(layer.name(), blob, LayerCheck.check(layer, blob.file()));
    } catch (ClosedByInterruptException e) {
      throw ImageSpecException.interrupted(
          (InterruptedException) new InterruptedException().initCause(e));
    } catch (IOException e) {
      throw workspace.failure(
          "The layer \"" + layer.name() + "\" cannot be built: " + IoReason.of(e), e);
    }
  }

  private static FileBlob write(Layer layer, Path folder, Path file) throws IOException {
    MessageDigest sha256 = Digest.sha256();
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(file), BUFFER);
        OutputStream gzip = new GZIPOutputStream(new DigestOutputStream(out, sha256), BUFFER);
        OutputStream tar = TarHeaders.to(gzip);
        OpenArchives archives = new OpenArchives()) {
      Map<String, LayerEntry> owned = new HashMap<>();
      layer.entries().stream()
          .filter(entry -> entry.isFolder() && !entry.owner().isRoot())
          .forEach(entry -> owned.put(entry.path(), entry));
      for (List<LayerEntry> part : Lists.partition(layer.entries(), PART)) {
        tar(withOwnedFolders(part, owned), folder, archives).writeTo(new TarPart(tar));
      }
      TarPart.end(tar);
    }
    for (LayerEntry entry : layer.entries()) {
      if (entry.content() instanceof Content.OfEntry packed) {
        Files.deleteIfExists(unpacked(packed, folder));
      }
    }
    return new FileBlob(file, Digest.ofHash(sha256.digest()), Files.size(file));
  }

  /** Jib would add the folders above a part as root's, though an earlier part has another owner. */
  private static Collection<LayerEntry> withOwnedFolders(
      List<LayerEntry> part, Map<String, LayerEntry> owned) {
    if (owned.isEmpty()) {
      return part;
    }
    Map<String, LayerEntry> all = new TreeMap<>();
    part.forEach(entry -> all.put(entry.path(), entry));
    for (String above : LayerEntry.withFoldersAbove(all).keySet()) {
      LayerEntry folder = owned.get(above);
      if (folder != null) {
        all.put(above, folder);
      }
    }
    return all.values();
  }

  private static Blob tar(Collection<LayerEntry> part, Path folder, OpenArchives archives)
      throws IOException {
    ImmutableList.Builder<FileEntry> entries = ImmutableList.builder();
    for (LayerEntry entry : part) {
      entries.add(
          new FileEntry(
              source(entry, folder, archives),
              AbsoluteUnixPath.get(entry.path()),
              FilePermissions.fromOctalString(entry.mode()),
              FILE_TIME,
              entry.owner().toString()));
    }
    return new ReproducibleLayerBuilder(entries.build()).build();
  }

  private static Path source(LayerEntry entry, Path folder, OpenArchives archives)
      throws IOException {
    if (entry.content() instanceof Content.OfFile file) {
      return file.path();
    }
    if (entry.content() instanceof Content.OfEntry packed) {
      Path file = unpacked(packed, folder);
      if (!Files.exists(file)) {
        archives.copy(packed, file);
      }
      return file;
    }
    if (entry.content() instanceof Content.OfText text) {
      return Files.writeString(
          folder.resolve(entry.digest().orElseThrow().hex() + ".txt"), text.text());
    }
    return folder;
  }

  private static Path unpacked(Content.OfEntry packed, Path folder) {
    return folder.resolve(packed.digest().hex() + ".entry");
  }
}
