package dev.imagespec.runtime.registry.auth;

/**
 * A user name and password (or token) for one registry. Its text form shows neither.
 *
 * @param user the user name; {@code <token>} if the password is an identity token
 * @param password the password
 */
public record Credential(String user, String password) {
  /** What credential helpers give for a user where there is an identity token. */
  private static final String IDENTITY_TOKEN = "<token>";

  /** A token that a token server exchanges for others. It means nothing to a registry itself. */
  public static Credential identityToken(String token) {
    return new Credential(IDENTITY_TOKEN, token);
  }

  /** Whether the password is an identity token: it is exchanged, never sent to a registry. */
  boolean isIdentityToken() {
    return user.equals(IDENTITY_TOKEN);
  }

  @Override
  public String toString() {
    return "Credential[hidden]";
  }
}
