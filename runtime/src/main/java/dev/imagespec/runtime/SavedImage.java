package dev.imagespec.runtime;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import java.nio.file.Path;
import java.util.List;

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
}
