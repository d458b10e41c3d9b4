package dev.imagespec.runtime;

import java.util.Locale;

/** The kind of failure, for programs that read the failures of a registration. */
public enum FailureCode {
  /** A setting or an option of the command line is wrong or missing. */
  INVALID_SETTING(true),
  /** A manifest cannot be read, or asks for something impossible. */
  INVALID_MANIFEST(true),
  /** The lock file cannot be read, or lacks an entry that it must have. */
  INVALID_LOCK(true),
  /** A file of the project directory or class path is missing or cannot be packed. */
  INVALID_FILE(true),
  /** This release does not support what a task or a setting asks for. */
  UNSUPPORTED(true),
  /** A file changed while the registration ran. */
  FILE_CHANGED(false),
  /** The base image does not exist. */
  BASE_NOT_FOUND(false),
  /** The base image does not support a required platform. */
  PLATFORM_NOT_FOUND(false),
  /** No image can be built on this base image. */
  BASE_UNUSABLE(false),
  /** The registry requires credentials, and they are missing or wrong. */
  UNAUTHORIZED(false),
  /** The registry's token has expired. */
  TOKEN_EXPIRED(false),
  /** The credentials are valid, but lack a permission. */
  DENIED(false),
  /** This machine's clock is so far off that signatures are rejected. */
  CLOCK_SKEW(false),
  /** Credentials or a token belong to another AWS region than the registry's. */
  WRONG_REGION(false),
  /** The repository does not exist. */
  REPOSITORY_NOT_FOUND(false),
  /** The tag exists, is immutable, and names another image. */
  TAG_IMMUTABLE(false),
  /** Amazon ECR has archived the image, so it cannot be pulled. */
  IMAGE_ARCHIVED(false),
  /** The registry does not accept manifests of this media type. */
  UNSUPPORTED_MEDIA_TYPE(false),
  /** The repository's existing policy cannot be merged with the requested one. */
  POLICY_CONFLICT(false),
  /** A quota of the AWS account is exhausted. */
  QUOTA_EXCEEDED(false),
  /** The registry throttles requests, and did so on every retry. */
  THROTTLED(false),
  /** The registry cannot be reached, or keeps breaking the connection. */
  UNREACHABLE(false),
  /** The registry violates its protocol, or answers with an error of its own. */
  PROTOCOL(false),
  /** The bytes do not match their digest. */
  DIGEST_MISMATCH(false),
  /** No engine can run an environment's steps here, or the engine failed. */
  ENGINE(false),
  /** A step of an environment failed. */
  STEP(false),
  /** A secret that an environment's steps need has no value. */
  SECRET(false),
  /** A file cannot be written on this machine. */
  LOCAL_IO(false),
  /** The registration was interrupted. */
  INTERRUPTED(false),
  /** A task registrar failed. */
  REGISTRAR(false),
  /** An unexpected error: a bug. */
  INTERNAL(false);

  private final boolean input;

  FailureCode(boolean input) {
    this.input = input;
  }

  /** Whether it is an input error: it is found before the first request to any registry. */
  public boolean isInput() {
    return input;
  }

  /** The form used in JSON: lower case, with dashes. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
