package dev.imagespec.runtime.registry.auth;

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

  /** Whether the password is an identity token, which is exchanged and never sent to a registry. */
  boolean isIdentityToken() {
    return user.equals(IDENTITY_TOKEN);
  }

  @Override
  public String toString() {
    return "Credential[hidden]";
  }
}
