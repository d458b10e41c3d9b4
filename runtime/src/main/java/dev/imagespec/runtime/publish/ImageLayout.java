package dev.imagespec.runtime.publish;

import dev.imagespec.json.Json;
import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import dev.imagespec.runtime.compose.ImageContent;
import dev.imagespec.runtime.oci.Descriptor;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.registry.BlobSource;
import dev.imagespec.runtime.work.Workers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Writes an image as a folder: an OCI image layout (OCI image specification, "Image Layout"), with
 * the file {@code manifest.json} beside it, by which {@code docker load} finds the image if Docker
 * keeps images in a store of its own.
 */
final class ImageLayout {
  static final String BLOBS = "blobs";
  private static final String SHA256 = "sha256";
  private static final Platform USUAL = Platform.parse("linux/amd64");

  private final Path folder;
  private final ImageContent image;

  private ImageLayout(Path folder, ImageContent image) {
    this.folder = folder;
    this.image = image;
  }

  /**
   * Writes an image.
   *
   * @param folder an empty folder
   * @param name the name that programs give it: {@code registry/name:tag}
   * @param tag the tag in that name
   * @param workers threads to fetch blobs with
   */
  static void write(Path folder, ImageContent image, String name, String tag, Workers workers)
      throws IOException {
    ImageLayout layout = new ImageLayout(folder, image);
    Files.createDirectories(folder.resolve(BLOBS).resolve(SHA256));
    try {
      workers.forEach(image.blobs(), layout::copy);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    for (RawManifest manifest : image.manifests().values()) {
      layout.write(manifest);
    }
    layout.write(image.top());
    layout.write("manifest.json", List.of(layout.forDocker(name)));
    layout.write("index.json", layout.index(name, tag));
    layout.write("oci-layout", Map.of("imageLayoutVersion", "1.0.0"));
  }

  /**
   * The platform that a Docker with its own image store loads: it takes one alone, and every
   * machine has to write the same one.
   */
  static Platform loadable(ImageContent image) {
    return image.manifests().containsKey(USUAL) ? USUAL : image.manifests().firstKey();
  }

  private void copy(BlobSource blob) {
    try {
      blob.copyTo(file(blob.digest()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(RawManifest manifest) throws IOException {
    Files.write(file(manifest.digest()), manifest.bytes());
  }

  private void write(String name, Object json) throws IOException {
    Files.write(folder.resolve(name), Json.canonical(json).getBytes(StandardCharsets.UTF_8));
  }

  private Path file(Digest digest) {
    return folder.resolve(path(digest));
  }

  private static String path(Digest digest) {
    return BLOBS + "/" + SHA256 + "/" + digest.hex();
  }

  private Map<String, Object> index(String name, String tag) {
    Map<String, Object> entry =
        Map.of(
            "mediaType",
            image.top().mediaType().toString(),
            "digest",
            image.top().digest().toString(),
            "size",
            image.top().bytes().length,
            "annotations",
            // The first is containerd's, for docker load; the second the specification's.
            Map.of("io.containerd.image.name", name, "org.opencontainers.image.ref.name", tag));
    return Map.of(
        "schemaVersion",
        2,
        "mediaType",
        "application/vnd.oci.image.index.v1+json",
        "manifests",
        List.of(entry));
  }

  private Map<String, Object> forDocker(String name) {
    RawManifest manifest = image.manifests().getOrDefault(loadable(image), image.top());
    List<String> paths = new ArrayList<>();
    for (Descriptor blob : ImageContent.blobs(manifest, name)) {
      paths.add(path(blob.digest()));
    }
    int last = paths.size() - 1;
    return Map.of(
        "Config", paths.get(last), "RepoTags", List.of(name), "Layers", paths.subList(0, last));
  }
}
