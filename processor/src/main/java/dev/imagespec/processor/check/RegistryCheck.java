package dev.imagespec.processor.check;

import dev.imagespec.model.EcrHost;
import dev.imagespec.model.RegistryHost;
import dev.imagespec.model.RepositoryName;
import dev.imagespec.processor.read.RawSpec;
import java.util.Optional;

/** Where an image is pushed to: {@code registry}, {@code name}, {@code repository}. */
final class RegistryCheck {
  private RegistryCheck() {}

  static void check(RawSpec spec, Problems problems) {
    Optional<RegistryHost> registry = Optional.empty();
    if (!spec.registry().value().isEmpty()) {
      try {
        RegistryHost host = RegistryHost.parse(spec.registry().value());
        registry = Optional.of(host);
        Optional<EcrHost> ecr = host.ecr();
        if (ecr.isPresent() && !ecr.get().isRegionKnown()) {
          problems.add(Message.NEW_REGION, spec.registry(), ecr.get().region());
        }
      } catch (IllegalArgumentException e) {
        problems.add(Message.REGISTRY, spec.registry(), String.valueOf(e.getMessage()));
      }
    }
    if (!spec.name().value().isEmpty()) {
      Optional<RegistryHost> known = registry;
      problems.parse(
          Message.NAME,
          spec.name(),
          name -> known.isPresent() ? known.get().repository(name) : new RepositoryName(name));
    }
    if (spec.repository().expireAfterDays().value() < 0) {
      problems.add(Message.EXPIRY, spec.repository().expireAfterDays());
    }
  }
}
