package dev.imagespec.runtime;

/**
 * Something that a registration did.
 *
 * @param kind what it is
 * @param subject the task, image, repository or file that it is about
 * @param detail what there is to say of it
 */
public record RegistrationEvent(Kind kind, String subject, String detail) {

  /** What an event is. */
  public enum Kind {
    /** Something a person should know: a stale manifest that was passed over, for example. */
    NOTE,
    /** A base image was resolved and the lock written. */
    LOCK_WRITTEN,
    /** An image is in its repository already. */
    IMAGE_REUSED,
    /** An environment is to be built by an engine. */
    ENVIRONMENT_BUILDING,
    /** An engine runs a step of an environment. */
    ENVIRONMENT_STEP,
    /** An engine printed a line. */
    ENGINE_OUTPUT,
    /** An environment is in its repository: it was built, or another registration was faster. */
    ENVIRONMENT_PUSHED,
    /** An environment is in its repository already. */
    ENVIRONMENT_REUSED,
    /** An image is to be built. */
    IMAGE_BUILDING,
    /** A repository was created. */
    REPOSITORY_CREATED,
    /** A repository that was there was given a policy, or another one. */
    REPOSITORY_CHANGED,
    /** Something that works, but that a person should change. */
    WARNING,
    /** A blob went up. */
    BLOB_UPLOADED,
    /** An image was pushed. */
    IMAGE_PUSHED,
    /** An image failed. */
    IMAGE_FAILED
  }

  @Override
  public String toString() {
    return (kind == Kind.WARNING ? "warning: " : "") + subject + ": " + detail;
  }
}
