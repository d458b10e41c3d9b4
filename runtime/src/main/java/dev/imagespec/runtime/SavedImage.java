package dev.imagespec.runtime;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * An image that was saved to this machine.
 *
 * @param task the binary name of the task class that runs in it
 * @param name the name that {@code docker load} gives it: {@code registry/name:tag}
 * @param digest its digest, by which a registration pushes it, too
 * @param platforms its platforms
 * @param loadable the platform that {@code docker load} takes if Docker keeps images in its own
 *     store; with the image store of containerd, it takes all
 * @param bytes the length of its blobs in bytes
 * @param path the tar or the folder
 */
public record SavedImage(
    String task,
    String name,
    Digest digest,
    List<Platform> platforms,
    Platform loadable,
    long bytes,
    Path path) {
  public SavedImage {
    platforms = List.copyOf(platforms);
  }

  /** What was saved, and how it is used: lines for people. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(task + "  " + name + "@" + digest);
    String written =
        "Written to "
            + path
            + " for "
            + platforms.stream().map(Platform::toString).collect(Collectors.joining(", "));
    if (Files.isDirectory(path)) {
      lines.add(
          written + ". To copy it: skopeo copy --all oci:" + path + " docker://REGISTRY/NAME:TAG");
    } else {
      lines.add(
          written + ". To run it: docker load --input " + path + " && docker run --rm " + name);
      if (platforms.size() > 1) {
        lines.add(
            "docker load takes "
                + loadable
                + " alone, or all platforms with the containerd image store.");
      }
    }
    return lines;
  }
}
