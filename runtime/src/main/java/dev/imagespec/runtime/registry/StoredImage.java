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
 * What a registry tells of an image that it keeps.
 *
 * @param digest the digest of its manifest or index
 * @param tags the tags that name it, sorted; none if only another image refers to it
 * @param pushedAt when it was pushed, where the registry says so
 * @param bytes the bytes of its blobs as they are stored; empty if they are not known
 * @param archived whether it has to be restored before it can be pulled
 * @param scan what a scan for vulnerabilities found, where there was one
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
}
