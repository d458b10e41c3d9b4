package dev.imagespec.runtime.compose;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.oci.Descriptor;
import dev.imagespec.runtime.oci.ImageIndex;
import dev.imagespec.runtime.oci.ImageManifest;
import dev.imagespec.runtime.oci.InvalidDocumentException;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.registry.BlobSource;
import dev.imagespec.runtime.registry.RegistryClient;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * All of an image.
 *
 * @param top what its tag names, or would name: a manifest or an index
 * @param manifests the manifest of each platform
 * @param blobs all blobs, each once
 */
public record ImageContent(
    RawManifest top, SortedMap<Platform, RawManifest> manifests, List<BlobSource> blobs) {
  public ImageContent {
    manifests = new TreeMap<>(manifests);
    blobs = List.copyOf(blobs);
  }

  /** An image that was composed. */
  public static ImageContent of(ComposedImage image) {
    Map<Digest, RawManifest> children = new LinkedHashMap<>();
    children.put(image.top().digest(), image.top());
    image.children().forEach(child -> children.put(child.digest(), child));
    SortedMap<Platform, RawManifest> manifests = new TreeMap<>();
    digests(image.top(), image.plan().spec().base().platforms(), image.toString())
        .forEach((platform, digest) -> manifests.put(platform, child(children, digest)));
    return new ImageContent(
        image.top(), manifests, image.blobs().stream().map(ComposedImage.Blob::source).toList());
  }

  private static RawManifest child(Map<Digest, RawManifest> children, Digest digest) {
    RawManifest child = children.get(digest);
    if (child == null) {
      throw new IllegalStateException("the index names " + digest + ", which was not composed");
    }
    return child;
  }

  /**
   * An image in a repository. Reads its documents; the blobs are read when they are opened.
   *
   * @param platforms the platforms that it was built for
   * @throws ImageSpecException if it is not there any more, or cannot be read
   */
  public static ImageContent read(
      RegistryClient registry,
      Repository repository,
      Digest digest,
      Collection<Platform> platforms) {
    String name = repository + "@" + digest;
    RawManifest top = manifest(registry, repository, digest);
    SortedMap<Platform, RawManifest> manifests = new TreeMap<>();
    Map<Digest, BlobSource> blobs = new LinkedHashMap<>();
    digests(top, platforms, name)
        .forEach(
            (platform, own) -> {
              RawManifest manifest =
                  own.equals(top.digest()) ? top : manifest(registry, repository, own);
              manifests.put(platform, manifest);
              for (Descriptor blob : blobs(manifest, name)) {
                blobs.computeIfAbsent(
                    blob.digest(),
                    key -> registry.blobs().source(repository, blob.digest(), blob.size()));
              }
            });
    return new ImageContent(top, manifests, List.copyOf(blobs.values()));
  }

  private static SortedMap<Platform, Digest> digests(
      RawManifest top, Collection<Platform> platforms, String name) {
    SortedMap<Platform, Digest> digests;
    boolean isWhole;
    try {
      digests = top.digests(platforms);
      isWhole =
          !(top.parse() instanceof ImageIndex index)
              || index.manifests().size() == digests.values().stream().distinct().count();
    } catch (InvalidDocumentException e) {
      throw unreadable(name, String.valueOf(e.getMessage()));
    }
    if (!isWhole || !digests.keySet().containsAll(platforms)) {
      throw unreadable(name, "it is not for exactly the platforms of its task");
    }
    return digests;
  }

  /** The layers and the configuration that a manifest names; the configuration comes last. */
  public static List<Descriptor> blobs(RawManifest manifest, String name) {
    try {
      if (manifest.parse() instanceof ImageManifest image) {
        List<Descriptor> blobs = new ArrayList<>(image.layers());
        blobs.add(image.config());
        return blobs;
      }
    } catch (InvalidDocumentException e) {
      throw unreadable(name, String.valueOf(e.getMessage()));
    }
    throw unreadable(name, "it is an index inside an index");
  }

  private static RawManifest manifest(
      RegistryClient registry, Repository repository, Digest digest) {
    return registry
        .manifests()
        .get(repository, digest.toString())
        .orElseThrow(
            () ->
                new ImageSpecException(
                    FailureCode.PROTOCOL,
                    repository + "@" + digest + " was deleted meanwhile. Try again."));
  }

  private static ImageSpecException unreadable(String name, String why) {
    return new ImageSpecException(
        FailureCode.PROTOCOL, "The image " + name + " cannot be read: " + why + ".");
  }
}
