package dev.imagespec.runtime.registry;

/**
 * A user name and password (or token) for one registry. Its text form shows neither.
 *
 * @param user the user name
 * @param password the password
 */
public record Credential(String user, String password) {
  @Override
  public String toString() {
    return "Credential[hidden]";
  }
}
