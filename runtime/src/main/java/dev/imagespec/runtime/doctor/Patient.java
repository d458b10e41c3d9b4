package dev.imagespec.runtime.doctor;

import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.registry.RegistryClient;
import dev.imagespec.runtime.registry.auth.CredentialSource;
import dev.imagespec.runtime.registry.ecr.EcrRegistries;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What is examined, and with what.
 *
 * @param settings the settings of the registration
 * @param manifests the tasks
 * @param targets the repositories to push to, each with the tasks whose images it gets
 * @param bases the base images
 * @param registry asks registries
 * @param ecr asks Amazon ECR
 * @param credentials where credentials come from
 */
public record Patient(
    Settings settings,
    List<Manifest> manifests,
    Map<Repository, List<Manifest>> targets,
    Set<ImageReference> bases,
    RegistryClient registry,
    EcrRegistries ecr,
    CredentialSource credentials) {
  public Patient {
    manifests = List.copyOf(manifests);
    targets = Collections.unmodifiableMap(new LinkedHashMap<>(targets));
    bases = Set.copyOf(bases);
  }

  /** The repository that a base image is read from, which is a mirror's where one is set. */
  Repository source(ImageReference base) {
    return settings.mirror(base.repository());
  }

  /** Every registry that is talked to, sorted. */
  List<Registry> registries() {
    Set<Registry> hosts = new TreeSet<>();
    targets.keySet().forEach(target -> hosts.add(target.registry()));
    bases.forEach(base -> hosts.add(source(base).registry()));
    return new ArrayList<>(hosts);
  }
}
