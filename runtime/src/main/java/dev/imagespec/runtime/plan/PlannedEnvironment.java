package dev.imagespec.runtime.plan;

import dev.imagespec.model.Repository;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.resolve.Environment;
import dev.imagespec.runtime.resolve.ResolvedSpec;
import dev.imagespec.runtime.work.Subject;
import java.util.List;
import java.util.Optional;

/**
 * One environment of a registration, whatever number of images stand on it and in whatever number
 * of repositories.
 *
 * @param environment the environment
 * @param repository where it is, or is to be pushed to: the first of its images' repositories
 * @param existing what its tag names there now
 * @param specs the specs that have it, at least one
 */
public record PlannedEnvironment(
    Environment environment,
    Repository repository,
    Optional<RawManifest> existing,
    List<ResolvedSpec> specs) {

  public PlannedEnvironment {
    specs = List.copyOf(specs);
  }

  /** The spec that stands for all: of one environment, they have equal steps on an equal base. */
  public ResolvedSpec spec() {
    return specs.get(0);
  }

  /** Binary names of the task classes whose images stand on it. */
  public List<String> tasks() {
    return specs.stream().map(spec -> spec.draft().task()).toList();
  }

  /** What work on it is for. */
  public Subject subject() {
    return new Subject(tasks(), repository);
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
