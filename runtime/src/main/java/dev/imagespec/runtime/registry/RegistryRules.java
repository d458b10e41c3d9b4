package dev.imagespec.runtime.registry;

import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.RegistryCredential;
import dev.imagespec.runtime.http.Quota;
import java.util.Locale;
import java.util.Optional;

/**
 * How a registry differs from the OCI distribution specification. The default methods describe a
 * registry that follows the specification; override them for one that differs.
 */
public interface RegistryRules {
  /** The rules of the specification. */
  RegistryRules SPECIFICATION = new RegistryRules() {};

  /** The quota that a request counts against; empty if there is none. */
  default Optional<Quota> quota(Operation operation) {
    return Optional.empty();
  }

  /** Whether an answer says that the credential or token has expired, so that a new one helps. */
  default boolean isExpired(Answer answer) {
    return false;
  }

  /** Whether an answer to a manifest says that the tag exists and is immutable. */
  default boolean isImmutable(Answer answer) {
    return answer.status() == 409
        || answer.status() == 412
        || (answer.status() / 100 == 4
            && answer.message().toLowerCase(Locale.ROOT).contains("immutable"));
  }

  /**
   * How to get a missing permission.
   *
   * @param answer the denial
   * @param operation the operation that was denied
   * @return sentences that start with a space, or empty
   */
  default String remedy(Answer answer, Repository repository, Operation operation) {
    return "";
  }

  /**
   * The failure if a credential that was just renewed has expired again.
   *
   * @return empty if the registry needs no special message
   */
  default Optional<ImageSpecException> refusedAgain(Answer answer, Registry registry) {
    return Optional.empty();
  }

  /**
   * Whether the registry may ask for a bearer token. If one that never does asks, it is an
   * impostor.
   */
  default boolean allowsBearer() {
    return true;
  }

  /** How to log in; a sentence that starts with a space. */
  default String login(Registry registry) {
    return " Log in with `docker login "
        + registry
        + "`; where images are pushed, "
        + RegistryCredential.USERNAME_VARIABLE
        + " and "
        + RegistryCredential.PASSWORD_VARIABLE
        + " come first.";
  }
}
