package dev.imagespec.runtime.resolve;

import dev.imagespec.dockerfile.OwnDockerfile;
import dev.imagespec.model.Digest;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Repository;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/** A base image, resolved for the platforms of an image. */
public sealed interface Base {
  /** The reference in its normal form, or {@code scratch}, or {@code spec}. */
  String name();

  /** The platforms that it was resolved for. */
  SortedSet<Platform> platforms();

  /** What people know it by. */
  default String shown() {
    return this instanceof OfTask other
        ? other.task()
        : this instanceof OfDockerfile own ? own.recipe().declared().path() : name();
  }

  /**
   * What identifies the base in a fingerprint, for one of its platforms: the manifest's digest,
   * {@code scratch}, or the fingerprint of the other task's image.
   */
  String identity(Platform platform);

  /**
   * An image in a registry.
   *
   * @param reference the reference in its normal form
   * @param source the repository to read it from: a mirror's, if one is set
   * @param top the digest of its index, or of its manifest if there is no index
   * @param manifests the digest of the manifest for each platform
   */
  record Registered(
      ImageReference reference,
      Repository source,
      Digest top,
      SortedMap<Platform, Digest> manifests)
      implements Base {
    public Registered {
      manifests = Collections.unmodifiableSortedMap(new TreeMap<>(manifests));
    }

    @Override
    public String name() {
      return reference.toString();
    }

    @Override
    public SortedSet<Platform> platforms() {
      return new TreeSet<>(manifests.keySet());
    }

    @Override
    public String identity(Platform platform) {
      return manifest(platform).toString();
    }

    /** The manifest for one of its platforms. */
    public Digest manifest(Platform platform) {
      Digest digest = manifests.get(platform);
      if (digest == null) {
        throw new IllegalArgumentException(reference + " was not resolved for " + platform);
      }
      return digest;
    }
  }

  /**
   * What an engine builds from a Dockerfile of the project.
   *
   * @param recipe what it builds
   * @param images the images that the Dockerfile uses, in its order, for each platform
   */
  record OfDockerfile(Recipe recipe, SortedMap<Platform, List<Used>> images) implements Base {
    /**
     * An image that the Dockerfile uses.
     *
     * @param use where it does
     * @param source the repository to read it from: a mirror's, if one is set
     * @param top the digest of its index, or of its manifest if there is no index
     * @param digest what identifies it: the digest of its manifest for the platform that it is used
     *     for; of its index if that is the platform of the machine that builds
     */
    public record Used(OwnDockerfile.Use use, Repository source, Digest top, Digest digest) {}

    public OfDockerfile {
      images = Collections.unmodifiableSortedMap(new TreeMap<>(images));
    }

    /** The images for one of its platforms. */
    public List<Used> images(Platform platform) {
      List<Used> used = images.get(platform);
      if (used == null) {
        throw new IllegalArgumentException("it was not resolved for " + platform);
      }
      return used;
    }

    /** The image that the result stands on; empty if that is {@code scratch}, or not known. */
    public Optional<Registered> below(Platform platform) {
      OwnDockerfile.Use base = recipe.dockerfile().base(platform);
      return images(platform).stream()
          .filter(used -> used.use().equals(base) && !used.use().isOfBuilder())
          .findFirst()
          .map(
              used ->
                  new Registered(
                      used.use().reference(),
                      used.source(),
                      used.top(),
                      new TreeMap<>(Map.of(platform, used.digest()))));
    }

    @Override
    public String name() {
      return Recipe.NAME;
    }

    @Override
    public SortedSet<Platform> platforms() {
      return new TreeSet<>(images.keySet());
    }

    @Override
    public String identity(Platform platform) {
      return recipe
          .identity(images(platform).stream().map(used -> used.digest().toString()).toList())
          .toString();
    }
  }

  /** No base: an empty file system. */
  record Scratch(SortedSet<Platform> platforms) implements Base {
    public Scratch {
      platforms = Collections.unmodifiableSortedSet(new TreeSet<>(platforms));
    }

    static Scratch of(Collection<Platform> platforms) {
      return new Scratch(new TreeSet<>(platforms));
    }

    @Override
    public String name() {
      return Manifest.SCRATCH;
    }

    @Override
    public String identity(Platform platform) {
      return Manifest.SCRATCH;
    }
  }

  /**
   * The image of another task. Its fingerprint, not its bytes, enters the fingerprint of an image
   * based on it, which can so be computed before the other image is built.
   *
   * @param task the task class
   * @param fingerprint the fingerprint of its image
   */
  record OfTask(String task, Fingerprint fingerprint, SortedSet<Platform> platforms)
      implements Base {
    public OfTask {
      platforms = Collections.unmodifiableSortedSet(new TreeSet<>(platforms));
    }

    static OfTask of(ResolvedSpec other, Collection<Platform> platforms) {
      return new OfTask(other.draft().task(), other.fingerprint(), new TreeSet<>(platforms));
    }

    @Override
    public String name() {
      return "spec";
    }

    @Override
    public String identity(Platform platform) {
      return fingerprint.toString();
    }
  }
}
