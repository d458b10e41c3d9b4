package dev.imagespec.runtime.plan;

import dev.imagespec.model.Repository;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.resolve.Environment;
import dev.imagespec.runtime.resolve.ResolvedSpec;
import dev.imagespec.runtime.work.Subject;
import java.util.List;
import java.util.Optional;

/**
 * One environment of a registration, in one registry. Any number of images may be built on it, in
 * any number of that registry's repositories.
 *
 * @param environment the environment
 * @param repository the repository that has it, or to push it to: the first of its images'
 *     repositories
 * @param existing what its tag names there now
 * @param specs the specs that use it, at least one
 */
public record PlannedEnvironment(
    Environment environment,
    Repository repository,
    Optional<RawManifest> existing,
    List<ResolvedSpec> specs) {

  public PlannedEnvironment {
    specs = List.copyOf(specs);
  }

  /** One of the specs; with the same environment, they have equal steps on an equal base. */
  public ResolvedSpec spec() {
    return specs.get(0);
  }

  /** Binary names of the task classes whose images are built on it. */
  public List<String> tasks() {
    return specs.stream().map(spec -> spec.draft().task()).toList();
  }

  /** The subject of work on it. */
  public Subject subject() {
    return new Subject(tasks(), repository);
  }

  /** The environment with its registry. */
  public HostedEnvironment hosted() {
    return new HostedEnvironment(repository.registry(), environment);
  }

  public String tag() {
    return environment.tag();
  }

  /** The environment by its tag, for people. */
  @Override
  public String toString() {
    return repository + ":" + tag();
  }
}
