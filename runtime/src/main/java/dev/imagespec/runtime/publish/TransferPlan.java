package dev.imagespec.runtime.publish;

import dev.imagespec.model.Digest;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.compose.ComposedImage;
import dev.imagespec.runtime.registry.BlobSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Which blobs go where, and where they come from, for all images of a registration.
 *
 * <p>A blob is uploaded once per registry, to the first repository that needs it. Later
 * repositories of that registry mount it from there. Amazon ECR mounts only blobs that a manifest
 * in the source repository refers to, so later repositories come in a later wave, after those
 * manifests.
 *
 * @param waves in the order of execution; within a wave, nothing depends on anything else
 */
record TransferPlan(List<Wave> waves) {

  /**
   * What can be transferred at the same time: first all blobs, then all manifests.
   *
   * @param transfers the blobs; each digest once per repository
   * @param images the images that they belong to
   */
  record Wave(List<Transfer> transfers, List<ComposedImage> images) {}

  /**
   * A blob that a repository needs.
   *
   * @param to the repository
   * @param blob the bytes
   * @param mountFrom a repository of the same registry that has it
   */
  record Transfer(Repository to, BlobSource blob, Optional<Repository> mountFrom) {}

  /**
   * The plan for these images.
   *
   * @param twin a repository of the same registry that has an image of the same inputs already
   */
  static TransferPlan of(
      List<ComposedImage> images, Function<ComposedImage, Optional<Repository>> twin) {
    Map<Repository, Integer> waveOf = new LinkedHashMap<>();
    Map<Registry, Map<Digest, Repository>> homes = new LinkedHashMap<>();
    Map<Repository, Map<Digest, Transfer>> transfers = new LinkedHashMap<>();
    for (ComposedImage image : byRepository(images)) {
      Repository to = image.plan().repository();
      Map<Digest, Repository> home =
          homes.computeIfAbsent(to.registry(), registry -> new LinkedHashMap<>());
      waveOf.putIfAbsent(to, 0);
      for (ComposedImage.Blob blob : image.blobs()) {
        Digest digest = blob.source().digest();
        if (blob.origin().filter(to::equals).isPresent()) {
          continue;
        }
        Optional<Repository> from =
            blob.origin()
                .filter(origin -> origin.registry().equals(to.registry()))
                .or(() -> twin.apply(image));
        if (from.isEmpty()) {
          Repository first = home.computeIfAbsent(digest, key -> to);
          if (!first.equals(to)) {
            waveOf.merge(to, waveOf.getOrDefault(first, 0) + 1, Math::max);
            from = Optional.of(first);
          }
        }
        Transfer transfer = new Transfer(to, blob.source(), from);
        transfers.computeIfAbsent(to, key -> new LinkedHashMap<>()).putIfAbsent(digest, transfer);
      }
    }
    List<Wave> waves = new ArrayList<>();
    int last = waveOf.values().stream().mapToInt(Integer::intValue).max().orElse(-1);
    for (int wave = 0; wave <= last; wave++) {
      List<Transfer> blobs = new ArrayList<>();
      List<ComposedImage> pushed = new ArrayList<>();
      for (Map.Entry<Repository, Integer> entry : waveOf.entrySet()) {
        if (entry.getValue() == wave) {
          blobs.addAll(transfers.getOrDefault(entry.getKey(), Map.of()).values());
          images.stream()
              .filter(image -> image.plan().repository().equals(entry.getKey()))
              .forEach(pushed::add);
        }
      }
      waves.add(new Wave(List.copyOf(blobs), List.copyOf(pushed)));
    }
    return new TransferPlan(List.copyOf(waves));
  }

  /** The layers that are sent for each image, with their sizes in bytes. */
  Map<ImageReference, Map<Digest, Long>> layers() {
    Map<ImageReference, Map<Digest, Long>> layers = new LinkedHashMap<>();
    for (Wave wave : waves) {
      Map<Repository, Set<Digest>> sent = new HashMap<>();
      wave.transfers()
          .forEach(
              transfer ->
                  sent.computeIfAbsent(transfer.to(), to -> new HashSet<>())
                      .add(transfer.blob().digest()));
      for (ComposedImage image : wave.images()) {
        Set<Digest> to = sent.getOrDefault(image.plan().repository(), Set.of());
        Map<Digest, Long> own = new LinkedHashMap<>();
        image.layers().stream()
            .filter(layer -> to.contains(layer.digest()))
            .forEach(layer -> own.put(layer.digest(), Math.max(0, layer.size())));
        layers.put(image.plan().repository().image(image.plan().tag()), own);
      }
    }
    return layers;
  }

  /**
   * Sorts images by repository, so that a repository's wave is final before others mount from it.
   */
  private static List<ComposedImage> byRepository(List<ComposedImage> images) {
    Map<Repository, List<ComposedImage>> grouped = new LinkedHashMap<>();
    images.forEach(
        image ->
            grouped
                .computeIfAbsent(image.plan().repository(), key -> new ArrayList<>())
                .add(image));
    return grouped.values().stream().flatMap(List::stream).toList();
  }
}
