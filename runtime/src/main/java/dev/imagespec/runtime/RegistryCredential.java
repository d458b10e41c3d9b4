package dev.imagespec.runtime;

import java.util.Set;

/**
 * A user name and password (or token) for a registry. Its text form shows neither.
 *
 * @param user the user name; {@code <token>} if the password is an identity token
 * @param password the password
 */
public record RegistryCredential(String user, String password) {
  /** The environment variable with the user name for the registry that images are pushed to. */
  public static final String USERNAME_VARIABLE = "IMAGESPEC_REGISTRY_USERNAME";

  /** The environment variable with the password for the registry that images are pushed to. */
  public static final String PASSWORD_VARIABLE = "IMAGESPEC_REGISTRY_PASSWORD";

  /** Both: no program that a registration starts gets them. */
  public static final Set<String> VARIABLES = Set.of(USERNAME_VARIABLE, PASSWORD_VARIABLE);

  /** Where a credential may be given: what an attempt to give it elsewhere is answered with. */
  public static final String PLACES =
      "a registry's credential is given only by the environment variables "
          + USERNAME_VARIABLE
          + " and "
          + PASSWORD_VARIABLE
          + ", or by `docker login`; remove it here";

  /**
   * A credential.
   *
   * @throws IllegalArgumentException if one of the two cannot be sent to a registry; the message
   *     repeats neither
   */
  public RegistryCredential {
    check("user name", user);
    check("password", password);
    if (user.contains(":")) {
      throw new IllegalArgumentException("a user name has no colon");
    }
  }

  private static void check(String what, String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("the " + what + " is empty");
    }
    if (text.chars().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException(
          "the "
              + what
              + " contains a line break or another control character; remove it, for example with"
              + " `tr -d '\\n'`");
    }
  }

  @Override
  public String toString() {
    return "RegistryCredential[hidden]";
  }
}
