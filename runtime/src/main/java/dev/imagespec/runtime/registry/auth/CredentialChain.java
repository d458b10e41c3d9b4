package dev.imagespec.runtime.registry.auth;

import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import java.util.List;
import java.util.Optional;

/** Several sources of credentials. The first that has one for a registry wins. */
public final class CredentialChain implements CredentialSource {
  private final List<CredentialSource> sources;

  public CredentialChain(List<CredentialSource> sources) {
    this.sources = List.copyOf(sources);
  }

  @Override
  public Optional<Credential> credential(Registry registry) {
    return sources.stream().flatMap(source -> source.credential(registry).stream()).findFirst();
  }

  @Override
  public Optional<Credential> readingCredential(Registry registry) {
    return sources.stream()
        .flatMap(source -> source.readingCredential(registry).stream())
        .findFirst();
  }

  @Override
  public Optional<Credential> credential(Repository repository) {
    return sources.stream().flatMap(source -> source.credential(repository).stream()).findFirst();
  }

  @Override
  public Optional<Credential> readingCredential(Repository repository) {
    return sources.stream()
        .flatMap(source -> source.readingCredential(repository).stream())
        .findFirst();
  }

  @Override
  public void expire(Registry registry) {
    sources.forEach(source -> source.expire(registry));
  }
}
