package dev.imagespec.runtime.run;

import dev.imagespec.model.Namespace;
import dev.imagespec.model.Registry;
import dev.imagespec.runtime.CredentialProvider;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.catalog.Catalog;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What decides which credential a registry gets.
 *
 * @param targets the registries that images are pushed to: the credential in {@link
 *     Settings#targetCredential} is for these alone
 * @param provider has further credentials
 */
public record Access(Set<Registry> targets, CredentialProvider provider) {
  public Access {
    targets = Set.copyOf(targets);
  }

  /** The access without tasks: images are pushed to the registry that the settings name, if any. */
  public static Access of(Settings settings, CredentialProvider provider) {
    return new Access(
        settings.registry().stream().map(Namespace::registry).collect(Collectors.toSet()),
        provider);
  }

  /** The access for a catalog's tasks. A registry in the settings overrides theirs. */
  public static Access of(Settings settings, Catalog catalog, CredentialProvider provider) {
    if (settings.registry().isPresent()) {
      return of(settings, provider);
    }
    return new Access(
        catalog.tasks().stream()
            .map(task -> task.registry().map(Namespace::registry))
            .flatMap(Optional::stream)
            .collect(Collectors.toSet()),
        provider);
  }
}
