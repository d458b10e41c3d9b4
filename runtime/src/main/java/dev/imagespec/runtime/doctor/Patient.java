package dev.imagespec.runtime.doctor;

import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.registry.RegistryClient;
import dev.imagespec.runtime.target.Targets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the checks examine, and what they use for it.
 *
 * @param settings the settings of the registration
 * @param manifests the manifests of the tasks
 * @param repositories the repositories to push to, with the tasks of each
 * @param bases the base images
 * @param registry the client for registries
 * @param targets the registries to push to
 */
public record Patient(
    Settings settings,
    List<Manifest> manifests,
    Map<Repository, List<Manifest>> repositories,
    Set<ImageReference> bases,
    RegistryClient registry,
    Targets targets) {
  public Patient {
    manifests = List.copyOf(manifests);
    repositories = Collections.unmodifiableMap(new LinkedHashMap<>(repositories));
    bases = Set.copyOf(bases);
  }

  /** The repository to read a base image from: a mirror's, if one is set. */
  Repository source(ImageReference base) {
    return settings.mirror(base.repository());
  }

  /** Every registry that a registration uses, sorted. */
  List<Registry> registries() {
    Set<Registry> hosts = new TreeSet<>();
    repositories.keySet().forEach(repository -> hosts.add(repository.registry()));
    bases.forEach(base -> hosts.add(source(base).registry()));
    return new ArrayList<>(hosts);
  }
}
