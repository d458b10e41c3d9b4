package dev.imagespec.runtime.registry;

import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.http.Quota;
import java.util.Optional;

/**
 * What a registry does in its own way. The methods here answer for a registry that keeps to the OCI
 * distribution specification; a kind of registry that differs overrides them.
 */
public interface RegistryRules {
  /** The rules of the specification. */
  RegistryRules SPECIFICATION = new RegistryRules() {};

  /** The quota that a request counts against; empty if it may be sent at any time. */
  default Optional<Quota> quota(Operation operation) {
    return Optional.empty();
  }

  /** Whether an answer says that the credential or token has expired, and a new one will do. */
  default boolean isExpired(Answer answer) {
    return false;
  }

  /** Whether an answer says that the tag exists and may not be moved. */
  default boolean isImmutable(Answer answer) {
    return answer.code().equals("TAG_INVALID") && answer.message().contains("immutable");
  }

  /**
   * How to get a permission that is missing.
   *
   * @param answer the denial
   * @param operation what was denied
   * @return sentences that start with a space, or empty
   */
  default String remedy(Answer answer, Repository repository, Operation operation) {
    return "";
  }

  /**
   * The failure when a credential that was renewed just now has expired again.
   *
   * @return empty if there is nothing special to say
   */
  default Optional<ImageSpecException> refusedAgain(Answer answer, Registry registry) {
    return Optional.empty();
  }

  /** Whether it may ask for a Bearer token. One that never does is being impersonated. */
  default boolean allowsBearer() {
    return true;
  }

  /** How to log in; a sentence that starts with a space. */
  default String login(Registry registry) {
    return " Log in with `docker login " + registry + "`.";
  }
}
