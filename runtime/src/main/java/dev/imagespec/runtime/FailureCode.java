package dev.imagespec.runtime;

import java.util.Locale;

/** What kind of thing went wrong, for programs that read a registration's failures. */
public enum FailureCode {
  /** A setting or an option of the command line is wrong or missing. */
  INVALID_SETTING(true),
  /** A manifest cannot be read, or asks for what cannot be done. */
  INVALID_MANIFEST(true),
  /** The lock file cannot be read, or lacks an entry that it has to have. */
  INVALID_LOCK(true),
  /** A file of the project directory or class path is missing or cannot be packed. */
  INVALID_FILE(true),
  /** What is asked for is not supported by this release. */
  UNSUPPORTED(true),
  /** A file changed while the registration ran. */
  FILE_CHANGED(false),
  /** The base image does not exist. */
  BASE_NOT_FOUND(false),
  /** The base image does not exist for a platform that is asked for. */
  PLATFORM_NOT_FOUND(false),
  /** The base image is of a form that nothing can be put on. */
  BASE_UNUSABLE(false),
  /** The registry wants credentials, and there are none or they are wrong. */
  UNAUTHORIZED(false),
  /** The registry's token has expired. */
  TOKEN_EXPIRED(false),
  /** The credentials are good, but lack a permission. */
  DENIED(false),
  /** This machine's clock is too far off for a signature to be taken. */
  CLOCK_SKEW(false),
  /** Credentials or a token are for another AWS region than the registry's. */
  WRONG_REGION(false),
  /** The repository does not exist. */
  REPOSITORY_NOT_FOUND(false),
  /** The tag exists, is immutable, and names another image. */
  TAG_IMMUTABLE(false),
  /** The image is in Amazon ECR's archive, from which nothing can be pulled. */
  IMAGE_ARCHIVED(false),
  /** The registry takes no manifest of this media type. */
  UNSUPPORTED_MEDIA_TYPE(false),
  /** A policy that the repository has cannot be merged with what is asked for. */
  POLICY_CONFLICT(false),
  /** A quota of the AWS account is used up. */
  QUOTA_EXCEEDED(false),
  /** The registry asks to slow down, and kept asking. */
  THROTTLED(false),
  /** The registry cannot be reached, or broke the connection off again and again. */
  UNREACHABLE(false),
  /** The registry answers against its protocol, or with an error of its own. */
  PROTOCOL(false),
  /** Bytes do not have the digest they must have. */
  DIGEST_MISMATCH(false),
  /** No engine can run an environment's steps here, or the engine failed. */
  ENGINE(false),
  /** A step of an environment failed. */
  STEP(false),
  /** A secret that an environment's steps read has no value. */
  SECRET(false),
  /** A file of this machine cannot be written. */
  LOCAL_IO(false),
  /** The registration was interrupted. */
  INTERRUPTED(false),
  /** A task registrar failed. */
  REGISTRAR(false),
  /** Something that nobody expected: a bug. */
  INTERNAL(false);

  private final boolean input;

  FailureCode(boolean input) {
    this.input = input;
  }

  /** Whether it is found before the first request: nothing was asked of any registry. */
  public boolean isInput() {
    return input;
  }

  /** The form used in JSON: lower case, with dashes. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
