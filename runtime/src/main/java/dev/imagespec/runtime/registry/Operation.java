package dev.imagespec.runtime.registry;

/** What a request does: one constant per endpoint of the OCI distribution specification. */
public enum Operation {
  READ_MANIFEST,
  WRITE_MANIFEST,
  CHECK_BLOB,
  READ_BLOB,
  START_UPLOAD,
  FINISH_UPLOAD,
  LIST_TAGS;

  /** Whether it changes the registry. */
  boolean isWriting() {
    return this == WRITE_MANIFEST || this == START_UPLOAD || this == FINISH_UPLOAD;
  }
}
