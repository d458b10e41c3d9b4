package dev.imagespec.runtime.publish;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.compose.ComposedImage;
import dev.imagespec.runtime.plan.PlannedImage;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * From where each repository gets its blobs, for all images of a publication. That is decided
 * before the images are composed, so that a blob can travel as soon as its bytes are there.
 *
 * <p>A blob is sent once per registry, to the first repository that needs it. Later repositories
 * mount it from there. Amazon ECR mounts only blobs that a manifest in the source repository refers
 * to, so they wait for the first such manifest, and for nothing else. Nothing waits in a circle,
 * because each repository waits only for those before it.
 */
final class Routes {
  /** What a blob holds. */
  enum Kind {
    /** A layer of what an image stands on, by its digest. */
    BELOW,
    /** A layer of the payload, by the digest of its inputs. */
    PAYLOAD,
    /** The configurations of an image, by its fingerprint. */
    CONFIGURATION
  }

  /** What is known of a blob before its bytes are there. */
  record Part(Kind kind, Digest id) {}

  /**
   * The parts of an image.
   *
   * @param layers those that it stands on
   * @param payload the digests of the inputs of its payload's layers
   */
  record Parts(PlannedImage image, List<ComposedImage.Blob> layers, List<Digest> payload) {}

  /**
   * How a repository gets a blob.
   *
   * @param from a repository of the same registry to mount it from; empty if it is sent
   * @param after the image in that repository whose manifest is pushed first; empty if the blob can
   *     be mounted at once
   */
  record Route(Optional<Repository> from, Optional<PlannedImage> after) {
    static final Route SENT = new Route(Optional.empty(), Optional.empty());

    static Route mounted(Repository from) {
      return new Route(Optional.of(from), Optional.empty());
    }
  }

  /** The first image that needs a part in a registry. */
  private record Place(Registry registry, Part part) {}

  private record Need(Repository to, Part part) {}

  private final Twins twins;
  private final Map<Place, PlannedImage> homes = new HashMap<>();
  private final Map<Need, Route> routes = new HashMap<>();

  private Routes(Twins twins) {
    this.twins = twins;
  }

  /** The routes for these images. */
  static Routes of(List<Parts> images, Twins twins) {
    Routes routes = new Routes(twins);
    Map<Repository, List<Parts>> grouped = new LinkedHashMap<>();
    images.forEach(
        image ->
            grouped
                .computeIfAbsent(image.image().repository(), key -> new ArrayList<>())
                .add(image));
    grouped.values().forEach(repository -> repository.forEach(routes::add));
    return routes;
  }

  private void add(Parts parts) {
    for (ComposedImage.Blob layer : parts.layers()) {
      add(parts.image(), new Part(Kind.BELOW, layer.source().digest()), layer.origin());
    }
    for (Digest layer : parts.payload()) {
      add(parts.image(), new Part(Kind.PAYLOAD, layer), Optional.empty());
    }
    add(parts.image(), configuration(parts.image()), Optional.empty());
  }

  private void add(PlannedImage image, Part part, Optional<Repository> origin) {
    Repository to = image.repository();
    Need need = new Need(to, part);
    if (routes.containsKey(need) || origin.filter(to::equals).isPresent()) {
      return;
    }
    Optional<Repository> from =
        origin.filter(other -> other.registry().equals(to.registry())).or(() -> twins.of(image));
    if (from.isPresent()) {
      routes.put(need, Route.mounted(from.get()));
      return;
    }
    PlannedImage first = homes.computeIfAbsent(new Place(to.registry(), part), key -> image);
    routes.put(
        need,
        first.repository().equals(to)
            ? Route.SENT
            : new Route(Optional.of(first.repository()), Optional.of(first)));
  }

  /**
   * How a repository gets a part.
   *
   * @return empty if it has it: it is the origin
   */
  Optional<Route> to(Repository repository, Part part) {
    return Optional.ofNullable(routes.get(new Need(repository, part)));
  }

  static Part configuration(PlannedImage image) {
    return new Part(Kind.CONFIGURATION, image.fingerprint().digest());
  }
}
