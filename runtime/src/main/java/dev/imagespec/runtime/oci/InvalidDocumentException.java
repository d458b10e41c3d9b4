package dev.imagespec.runtime.oci;

/**
 * A document violates the OCI image specification. The message is a short reason without a full
 * stop, such as {@code layers[0].size is missing}; the caller adds which image the document belongs
 * to.
 */
public final class InvalidDocumentException extends Exception {
  private static final long serialVersionUID = 1;

  InvalidDocumentException(String reason) {
    super(reason);
  }

  InvalidDocumentException(String reason, Throwable cause) {
    super(reason, cause);
  }
}
