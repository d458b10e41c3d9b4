package dev.imagespec.runtime.registry.ecr;

/**
 * What is known of a permission.
 *
 * @param action the IAM action, for example {@code ecr:BatchGetImage}
 * @param answer whether the identity in use has it
 * @param detail what was answered, or why it was not asked; may be empty
 */
public record EcrPermission(String action, Answer answer, String detail) {
  /** Whether the identity has a permission. */
  public enum Answer {
    /** A request that needs it was let through. */
    ALLOWED,
    /** A request that needs it was refused for lack of it. */
    DENIED,
    /** It cannot be found out without changing something. */
    NOT_PROBED,
    /** The request failed in another way. */
    FAILED
  }
}
