package dev.imagespec.runtime.registry.auth;

import dev.imagespec.runtime.RegistryCredential;

/**
 * A user name and password (or token) for one registry. Its text form shows neither.
 *
 * @param user the user name; {@code <token>} if the password is an identity token
 * @param password the password
 */
public record Credential(String user, String password) {
  /** The user name that stands for an identity token in the credential helper protocol. */
  private static final String IDENTITY_TOKEN = "<token>";

  /**
   * An identity token, which a token server exchanges for other tokens. A registry does not accept
   * it.
   */
  public static Credential identityToken(String token) {
    return new Credential(IDENTITY_TOKEN, token);
  }

  /** The credential that a user or a program has given. */
  public static Credential of(RegistryCredential given) {
    return new Credential(given.user(), given.password());
  }

  /** Whether the password is an identity token, which is exchanged and never sent to a registry. */
  boolean isIdentityToken() {
    return user.equals(IDENTITY_TOKEN);
  }

  @Override
  public String toString() {
    return "Credential[hidden]";
  }
}
