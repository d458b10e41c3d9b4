package dev.imagespec.runtime.plan;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.resolve.Fingerprint;
import dev.imagespec.runtime.resolve.ResolvedSpec;
import dev.imagespec.runtime.work.Subject;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One image of a registration: one repository and one tag, whatever number of tasks run in it.
 *
 * @param repository the repository to push to
 * @param repositoryExists whether the repository existed when it was queried
 * @param specs the specs that share the image, at least one
 * @param existing the digest that its tag names in the repository now
 * @param platforms the digest of each platform's manifest there; empty if it does not exist
 * @param read the manifests and indexes of the existing image that the answer brought along
 * @param tags the further tags that it gets, and what they name there now
 * @param forced whether to build it even if it exists
 */
public record PlannedImage(
    Repository repository,
    boolean repositoryExists,
    List<ResolvedSpec> specs,
    Optional<Digest> existing,
    Map<Platform, Digest> platforms,
    List<RawManifest> read,
    List<PlannedTag> tags,
    boolean forced) {

  public PlannedImage {
    specs = List.copyOf(specs);
    tags = List.copyOf(tags);
    platforms = Collections.unmodifiableMap(new TreeMap<>(platforms));
    read = List.copyOf(read);
  }

  /** One of the specs; they have the same fingerprint. */
  public ResolvedSpec spec() {
    return specs.get(0);
  }

  public Fingerprint fingerprint() {
    return spec().fingerprint();
  }

  public String tag() {
    return fingerprint().tag();
  }

  /** Binary names of the task classes that run in it. */
  public List<String> tasks() {
    return specs.stream().map(spec -> spec.draft().task()).toList();
  }

  /** The subject of work on it. */
  public Subject subject() {
    return new Subject(tasks(), repository);
  }

  /** The environments that it is built on, by platform; empty if it has no steps. */
  public Map<Platform, HostedEnvironment> environments() {
    Map<Platform, HostedEnvironment> hosted = new TreeMap<>();
    spec()
        .environments()
        .forEach(
            (platform, environment) ->
                hosted.put(platform, new HostedEnvironment(repository.registry(), environment)));
    return hosted;
  }

  /** The further tags that name another image now, and so must be moved to this one. */
  public List<PlannedTag> moved() {
    return tags.stream()
        .filter(tag -> tag.current().isPresent() && !tag.current().equals(existing))
        .toList();
  }

  public boolean isReused() {
    return existing.isPresent() && !forced;
  }

  /** Why it is built or reused, one phrase each. */
  public List<String> reasons() {
    if (forced && existing.isEmpty() && !environments().isEmpty()) {
      return List.of("forced: its environment is built anew");
    }
    if (!repositoryExists) {
      return List.of("the repository does not exist yet");
    }
    if (existing.isEmpty()) {
      return List.of("not in the repository yet");
    }
    return forced ? List.of("forced") : List.of("already in the repository");
  }

  /** The image by its tag, for people. */
  @Override
  public String toString() {
    return repository + ":" + tag();
  }
}
