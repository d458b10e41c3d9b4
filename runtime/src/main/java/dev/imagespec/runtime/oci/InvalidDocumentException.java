package dev.imagespec.runtime.oci;

/**
 * A document is not what the OCI image specification says. The message is a short reason such as
 * {@code layers[0].size is missing}, without a full stop; whoever reads the document adds which
 * image it is of.
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
