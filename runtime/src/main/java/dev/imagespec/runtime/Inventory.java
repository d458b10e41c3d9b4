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
 * What repositories contain.
 *
 * @param repositories the repositories that could be read, sorted by name
 * @param failures the repositories that could not be read, and why
 */
public record Inventory(List<Repository> repositories, List<Failure> failures) {
  public Inventory {
    repositories = List.copyOf(repositories);
    failures = List.copyOf(failures);
  }

  /**
   * A repository.
   *
   * @param name its name, with the registry
   * @param exists whether it exists
   * @param images one entry for each tag, newest first; then images that records name but that are
   *     gone
   * @param untagged how many manifests have no tag: the platforms' manifests of an index, and
   *     images whose tag has moved on
   */
  public record Repository(String name, boolean exists, List<Image> images, int untagged) {
    public Repository {
      images = List.copyOf(images);
    }
  }

  /** Whether an image can be pulled. */
  public enum State {
    /** It can be pulled. */
    ACTIVE,
    /** It must be restored before it can be pulled. */
    ARCHIVED,
    /** A record names it, but the repository no longer has it. */
    GONE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * A vulnerability scan.
   *
   * @param status the registry's name for the state of the scan, such as {@code COMPLETE}
   * @param findings the number of findings for each severity, by the registry's name for it
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
   * @param fingerprint its fingerprint: 64 hex digits, or only the 32 in its tag if neither a task
   *     of the catalog nor a record knows it; empty for an image that ImageSpec did not push
   * @param tasks binary names of the task classes that run in it, according to the catalog and the
   *     records
   * @param state whether it can be pulled
   * @param pushedAt when it was pushed, if the registry says so
   * @param bytes the stored size of its blobs in bytes, if known
   * @param scan the result of its vulnerability scan, if there was one
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
