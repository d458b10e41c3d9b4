package dev.imagespec.runtime.registry.auth;

import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Several sources of credentials. The first that has one for a registry wins. The failure of a
 * source counts only if no later one has a credential.
 */
public final class CredentialChain implements CredentialSource {
  private final List<CredentialSource> sources;

  public CredentialChain(List<CredentialSource> sources) {
    this.sources = List.copyOf(sources);
  }

  @Override
  public Optional<Credential> credential(Registry registry) {
    return first(source -> source.credential(registry));
  }

  @Override
  public Optional<Credential> readingCredential(Registry registry) {
    return first(source -> source.readingCredential(registry));
  }

  @Override
  public Optional<Credential> credential(Repository repository) {
    return first(source -> source.credential(repository));
  }

  @Override
  public Optional<Credential> readingCredential(Repository repository) {
    return first(source -> source.readingCredential(repository));
  }

  private Optional<Credential> first(Function<CredentialSource, Optional<Credential>> question) {
    @Nullable ImageSpecException failure = null;
    for (CredentialSource source : sources) {
      try {
        Optional<Credential> found = question.apply(source);
        if (found.isPresent()) {
          return found;
        }
      } catch (ImageSpecException e) {
        if (e.code() != FailureCode.UNAUTHORIZED) {
          throw e;
        }
        failure = failure == null ? e : failure;
      }
    }
    if (failure != null) {
      throw failure;
    }
    return Optional.empty();
  }

  @Override
  public void expire(Registry registry) {
    sources.forEach(source -> source.expire(registry));
  }
}
