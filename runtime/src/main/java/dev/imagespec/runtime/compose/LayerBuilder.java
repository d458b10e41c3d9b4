package dev.imagespec.runtime.compose;

import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
import com.google.cloud.tools.jib.api.ImageReference;
import com.google.cloud.tools.jib.api.InvalidImageReferenceException;
import com.google.cloud.tools.jib.api.Jib;
import com.google.cloud.tools.jib.api.RegistryException;
import com.google.cloud.tools.jib.api.TarImage;
import com.google.cloud.tools.jib.api.buildplan.AbsoluteUnixPath;
import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FilePermissions;
import com.google.cloud.tools.jib.api.buildplan.ImageFormat;
import dev.imagespec.model.Digest;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.oci.Descriptor;
import dev.imagespec.runtime.oci.ImageIndex;
import dev.imagespec.runtime.oci.ImageManifest;
import dev.imagespec.runtime.oci.InvalidDocumentException;
import dev.imagespec.runtime.resolve.Content;
import dev.imagespec.runtime.resolve.Layer;
import dev.imagespec.runtime.resolve.LayerEntry;
import dev.imagespec.runtime.work.Once;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Builds payload layers with jib-core, each distinct layer once. Jib writes a layer alone, offline
 * and from scratch, into an OCI layout, from which this class takes the blob.
 *
 * <p>Two habits of jib need care. It considers a layer unchanged if the paths and times of its
 * files are, so each layer gets a cache folder of its own, deleted with the workspace. And its
 * steps wait for each other inside their thread pool, so that pool is unbounded.
 */
public final class LayerBuilder implements AutoCloseable {
  private static final String BLOBS = "blobs/sha256/";

  /**
   * The time of every file. Jib's default, because some tools read the epoch itself as "unknown".
   */
  private static final Instant FILE_TIME = Instant.EPOCH.plusSeconds(1);

  private static final String OWNER = "0:0";

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
  private final ExecutorService unbounded = Executors.newCachedThreadPool();
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
      Path tar = folder.resolve("layout.tar");
      Jib.fromScratch()
          .setFileEntriesLayers(List.of(jibLayer(layer, folder)))
          .setFormat(ImageFormat.OCI)
          .setCreationTime(Instant.EPOCH)
          .containerize(
              Containerizer.to(TarImage.at(tar).named("imagespec/payload"))
                  .setOfflineMode(true)
                  .setToolName("imagespec")
                  .setExecutorService(unbounded)
                  .setBaseImageLayersCache(workspace.folder("base"))
                  .setApplicationLayersCache(folder.resolve("cache")));
      FileBlob blob = takeBlob(tar, folder);
      Files.delete(tar);
      Digest diffId = LayerCheck.check(layer, blob.file());
      return new BuiltLayer(layer.name(), blob, diffId);
    } catch (IOException
        | ExecutionException
        | CacheDirectoryCreationException
        | RegistryException
        | InvalidImageReferenceException e) {
      Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
      throw new ImageSpecException(
          FailureCode.LOCAL_IO,
          "The layer \"" + layer.name() + "\" cannot be built: " + cause.getMessage() + ".",
          cause);
    } catch (InterruptedException e) {
      throw ImageSpecException.interrupted(e);
    }
  }

  private static FileEntriesLayer jibLayer(Layer layer, Path folder) throws IOException {
    FileEntriesLayer.Builder builder = FileEntriesLayer.builder().setName(layer.name());
    for (LayerEntry entry : layer.entries()) {
      builder.addEntry(
          source(entry, folder),
          AbsoluteUnixPath.get(entry.path()),
          FilePermissions.fromOctalString(entry.mode()),
          FILE_TIME,
          OWNER);
    }
    return builder.build();
  }

  private static Path source(LayerEntry entry, Path folder) throws IOException {
    if (entry.content() instanceof Content.OfFile file) {
      return file.path();
    }
    if (entry.content() instanceof Content.OfText text) {
      return Files.writeString(
          folder.resolve(entry.digest().orElseThrow().hex() + ".txt"), text.text());
    }
    return folder;
  }

  /** Takes the blob of the only layer out of an OCI layout in a tar. */
  private static FileBlob takeBlob(Path tar, Path folder) throws IOException {
    Path blobs = Files.createDirectories(folder.resolve("blobs"));
    byte[] index = {};
    try (InputStream file = Files.newInputStream(tar);
        TarArchiveInputStream in = new TarArchiveInputStream(file)) {
      for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        if (entry.getName().startsWith(BLOBS)) {
          Digest digest = new Digest(entry.getName().substring(BLOBS.length()));
          Files.copy(in, blobs.resolve(digest.hex()));
        } else if (entry.getName().equals("index.json")) {
          index = in.readAllBytes();
        }
      }
    }
    try {
      Descriptor image = only(ImageIndex.parse(index).manifests());
      ImageManifest manifest =
          ImageManifest.parse(Files.readAllBytes(blobs.resolve(image.digest().hex())));
      Descriptor layer = only(manifest.layers());
      return new FileBlob(blobs.resolve(layer.digest().hex()), layer.digest(), layer.size());
    } catch (InvalidDocumentException e) {
      throw new IOException("jib wrote no OCI layout into " + tar + ": " + e.getMessage(), e);
    }
  }

  private static Descriptor only(List<Descriptor> descriptors) throws IOException {
    if (descriptors.size() != 1) {
      throw new IOException("jib wrote " + descriptors.size() + " images or layers for one");
    }
    return descriptors.get(0);
  }

  @Override
  public void close() {
    unbounded.shutdownNow();
  }
}
