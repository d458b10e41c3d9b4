package dev.imagespec.runtime;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What repositories keep.
 *
 * @param repositories the repositories that could be read, sorted by name
 * @param failures those that could not, and why
 */
public record Inventory(List<Repository> repositories, List<Failure> failures) {
  public Inventory {
    repositories = List.copyOf(repositories);
    failures = List.copyOf(failures);
  }

  /**
   * A repository.
   *
   * @param name its name, registry included
   * @param exists whether it is there
   * @param images one entry for each tag, newest first; then what records name but is gone
   * @param untagged how many manifests no tag names: parts of images for several platforms, and
   *     what tags named before
   */
  public record Repository(String name, boolean exists, List<Image> images, int untagged) {
    public Repository {
      images = List.copyOf(images);
    }
  }

  /** Whether an image can be pulled. */
  public enum State {
    /** It can. */
    ACTIVE,
    /** It has to be restored first. */
    ARCHIVED,
    /** A record names it, but the repository no longer has it. */
    GONE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A scan for vulnerabilities.
   *
   * @param status the registry's word for how far it is, such as {@code COMPLETE}
   * @param findings how many there are of each severity, by the registry's name for it
   */
  public record Scan(String status, Map<String, Integer> findings) {
    public Scan {
      findings = Collections.unmodifiableMap(new TreeMap<>(findings));
    }
  }

  /**
   * An image.
   *
   * @param tag its tag
   * @param digest its digest
   * @param fingerprint its fingerprint: 64 hex digits, or the 32 of its tag where no task of the
   *     catalog or of a record has it; empty for an image of somebody else
   * @param tasks binary names of the task classes that run in it, by the catalog and the records
   * @param state whether it can be pulled
   * @param pushedAt when it was pushed, where the registry says so
   * @param bytes the bytes of its blobs as they are stored, where they are known
   * @param scan what a scan for vulnerabilities found, where there was one
   */
  public record Image(
      String tag,
      String digest,
      String fingerprint,
      List<String> tasks,
      State state,
      Optional<Instant> pushedAt,
      OptionalLong bytes,
      Optional<Scan> scan) {
    public Image {
      tasks = List.copyOf(tasks);
    }
  }
}
