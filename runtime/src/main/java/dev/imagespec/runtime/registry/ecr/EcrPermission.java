package dev.imagespec.runtime.registry.ecr;

/**
 * The result of probing one permission.
 *
 * @param action the IAM action, for example {@code ecr:BatchGetImage}
 * @param answer whether the current identity has the permission
 * @param detail the answer, or why the permission was not probed; may be empty
 */
public record EcrPermission(String action, Answer answer, String detail) {
  /** Whether an identity has a permission. */
  public enum Answer {
    /** A request that needs it was allowed. */
    ALLOWED,
    /** A request that needs it was denied because it is missing. */
    DENIED,
    /** It cannot be probed without changing something. */
    NOT_PROBED,
    /** The request failed in another way. */
    FAILED
  }
}
