package dev.imagespec.runtime.registry;

import dev.imagespec.model.Digest;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * An image, as its registry describes it.
 *
 * @param digest the digest of its manifest or index
 * @param tags the tags that name it, sorted; empty if only another image refers to it
 * @param pushedAt when it was pushed, if the registry says so
 * @param bytes the stored size of its blobs in bytes; empty if it is not known
 * @param archived whether it must be restored before it can be pulled
 * @param scan the result of its vulnerability scan, if there was one
 */
public record StoredImage(
    Digest digest,
    List<String> tags,
    Optional<Instant> pushedAt,
    OptionalLong bytes,
    boolean archived,
    Optional<Scan> scan) {
  public StoredImage {
    tags = tags.stream().sorted().toList();
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
}
