package dev.imagespec.runtime.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.http.HttpTime;
import dev.imagespec.runtime.http.Reply;
import dev.imagespec.runtime.http.RetryableException;
import java.io.IOException;
import java.util.Set;

/**
 * An error that a registry answered with (OCI distribution, section "Error Codes").
 *
 * @param status the HTTP status
 * @param code the specification's code, or empty; quotable
 * @param message the registry's own message; quotable
 */
public record Answer(int status, String code, String message) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int TOO_MANY_REQUESTS = 429;

  private static final String INVALID_DIGEST = "DIGEST_INVALID";

  /** The codes of an upload that does not hold what was sent. */
  private static final Set<String> SPOILED =
      Set.of(INVALID_DIGEST, "SIZE_INVALID", "BLOB_UPLOAD_INVALID", "BLOB_UPLOAD_UNKNOWN");

  /** Reads the first error in a reply. */
  public static Answer read(Reply reply) throws IOException {
    String text = reply.errorText();
    String code = "";
    String message = text;
    try {
      JsonNode first = JSON.readTree(text).path("errors").path(0);
      code = first.path("code").isNull() ? "" : first.path("code").asText();
      message = first.path("message").isNull() ? "" : first.path("message").asText();
    } catch (IOException e) {
      // Some errors are not JSON; then the text is the message.
    }
    return new Answer(reply.status(), reply.quotable(code), reply.quotable(message));
  }

  /**
   * The failure for a reply that may differ on a retry.
   *
   * @param where the server, for the message
   */
  public static RetryableException retryable(Reply reply, String where) throws IOException {
    Answer answer = read(reply);
    boolean throttled = reply.status() == TOO_MANY_REQUESTS;
    return new RetryableException(
        new ImageSpecException(
            throttled ? FailureCode.THROTTLED : FailureCode.UNREACHABLE,
            where
                + (throttled
                    ? " asks to slow down, and kept asking. Register again later."
                    : " keeps answering with status " + reply.status() + ". Register again later.")
                + (answer.message().isEmpty() ? "" : " It says: " + answer.message())),
        reply.header("Retry-After").flatMap(HttpTime::retryAfter));
  }

  /** Whether a manifest was rejected because a blob that it names is missing. */
  boolean isMissingBlob() {
    return code.equals("BLOB_UNKNOWN") || code.equals("MANIFEST_BLOB_UNKNOWN");
  }

  /** Whether the registry takes a digest, of what was sent or of what it names, for none. */
  boolean isInvalidDigest() {
    return status == 400 && code.equals(INVALID_DIGEST);
  }

  /**
   * Whether the registry has lost or spoiled an upload, for example because somebody else sends it
   * the same blob: a new one may succeed.
   */
  boolean isSpoiledUpload() {
    return status == 404 || status == 416 || (status == 400 && SPOILED.contains(code));
  }

  /** The registry's message as the end of a sentence; empty if there is none. */
  public String quoted() {
    return message.isEmpty() ? "" : " The registry says: " + message;
  }
}
