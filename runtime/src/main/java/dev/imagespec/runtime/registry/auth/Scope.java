package dev.imagespec.runtime.registry.auth;

import dev.imagespec.model.Repository;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A permission in a repository: what a request needs, and what a bearer token is requested for.
 *
 * @param repository the repository
 * @param actions the actions, at least one
 */
public record Scope(Repository repository, Set<Action> actions) {
  /** An action in a repository. */
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

  /**
   * Writes to a repository, and reads from it: token servers grant push only together with pull.
   */
  public static Scope push(Repository repository) {
    return new Scope(repository, EnumSet.of(Action.PULL, Action.PUSH));
  }

  /** The form of several scopes, with spaces between them. */
  static String text(List<Scope> scopes) {
    return scopes.stream().map(Scope::toString).collect(Collectors.joining(" "));
  }

  /** Whether it includes writing. */
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
