package dev.imagespec.runtime.compose;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.cloud.tools.jib.api.CacheDirectoryCreationException;
import com.google.cloud.tools.jib.api.Containerizer;
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
import dev.imagespec.runtime.resolve.Content;
import dev.imagespec.runtime.resolve.Layer;
import dev.imagespec.runtime.resolve.LayerEntry;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Builds payload layers with jib-core: each distinct one once. Jib puts a layer alone into an OCI
 * layout, offline and from scratch; its blob is taken over from there.
 *
 * <p>Two of jib's habits are kept away from here. It takes a layer for unchanged when its files'
 * paths and times are, so every layer has a cache folder of its own that lives as long as the
 * registration. And its steps wait for each other inside their pool, so that pool has no bound.
 */
public final class LayerBuilder implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String BLOBS = "blobs/sha256/";

  /**
   * The time of every file: jib's own choice, since some tools take the epoch itself for "unknown".
   */
  private static final Instant FILE_TIME = Instant.EPOCH.plusSeconds(1);

  private static final String OWNER = "0:0";

  private final Workspace workspace;
  private final ExecutorService unbounded = Executors.newCachedThreadPool();
  private final Map<Digest, BuiltLayer> built = new ConcurrentHashMap<>();

  public LayerBuilder(Workspace workspace) {
    this.workspace = workspace;
  }

  /**
   * Builds a layer, or returns the equal one that was built before.
   *
   * @throws ImageSpecException with {@link FailureCode#FILE_CHANGED} if a file is no longer what
   *     the fingerprint was computed from
   */
  public BuiltLayer build(Layer layer) {
    return built.computeIfAbsent(layer.inputDigest(), input -> build(layer, input));
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

  /** Takes the one layer's blob out of an OCI layout in a tar. */
  private static FileBlob takeBlob(Path tar, Path folder) throws IOException {
    Path blobs = Files.createDirectories(folder.resolve("blobs"));
    Digest manifest = null;
    try (InputStream file = Files.newInputStream(tar);
        TarArchiveInputStream in = new TarArchiveInputStream(file)) {
      for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        if (entry.getName().startsWith(BLOBS)) {
          Digest digest = new Digest(entry.getName().substring(BLOBS.length()));
          Files.copy(in, blobs.resolve(digest.hex()));
        } else if (entry.getName().equals("index.json")) {
          JsonNode index = JSON.readTree(in.readAllBytes());
          manifest = Digest.parse(index.path("manifests").path(0).path("digest").asText());
        }
      }
    }
    if (manifest == null) {
      throw new IOException("jib wrote no index into " + tar);
    }
    JsonNode layer =
        JSON.readTree(Files.readAllBytes(blobs.resolve(manifest.hex()))).path("layers").path(0);
    Digest digest = Digest.parse(layer.path("digest").asText());
    return new FileBlob(blobs.resolve(digest.hex()), digest, layer.path("size").asLong());
  }

  @Override
  public void close() {
    unbounded.shutdownNow();
  }
}
