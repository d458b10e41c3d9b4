package dev.imagespec.runtime.registry.auth;

import dev.imagespec.model.Repository;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a request does in a repository, and what a Bearer token is asked for.
 *
 * @param repository the repository
 * @param actions what is done there, at least one
 */
public record Scope(Repository repository, Set<Action> actions) {
  /** What can be done in a repository. */
  public enum Action {
    PULL,
    PUSH
  }

  public Scope {
    actions = Collections.unmodifiableSet(EnumSet.copyOf(actions));
  }

  /** Reads from a repository. */
  public static Scope pull(Repository repository) {
    return new Scope(repository, EnumSet.of(Action.PULL));
  }

  /** Writes to a repository, which takes reading from it, too. */
  public static Scope push(Repository repository) {
    return new Scope(repository, EnumSet.of(Action.PULL, Action.PUSH));
  }

  /** Whether it writes. */
  public boolean isWriting() {
    return actions.contains(Action.PUSH);
  }

  /** The form that token servers read, such as {@code repository:team/app:pull,push}. */
  @Override
  public String toString() {
    return "repository:"
        + repository.name()
        + ":"
        + actions.stream()
            .map(action -> action.name().toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(","));
  }
}
