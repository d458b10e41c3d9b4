package dev.imagespec.runtime.registry;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.oci.InvalidDocumentException;
import dev.imagespec.runtime.oci.MediaType;
import dev.imagespec.runtime.oci.RawManifest;
import java.io.IOException;
import java.util.Optional;

/** Reads and writes manifests and indexes (OCI distribution, sections "Pull" and "Push"). */
final class Manifests {
  /** Amazon ECR's limit, and that of most registries. */
  private static final int MAX_MANIFEST = 4 << 20;

  private static final String ACCEPT = String.join(", ", MediaType.ofImages());

  private final RequestSender sender;

  Manifests(RequestSender sender) {
    this.sender = sender;
  }

  Optional<RawManifest> read(Repository repository, String reference) {
    return sender.call(
        repository,
        () -> {
          Request request =
              Request.pull(repository, "GET", "manifests/" + reference).header("Accept", ACCEPT);
          try (Reply reply = sender.follow(request)) {
            if (reply.status() == 404) {
              return Optional.empty();
            }
            RequestSender.expect(reply, request, 200);
            return Optional.of(checked(repository, reference, reply));
          }
        });
  }

  Optional<Digest> digest(Repository repository, String reference) {
    Optional<Optional<Digest>> answer =
        sender.call(
            repository,
            () -> {
              Request request =
                  Request.pull(repository, "HEAD", "manifests/" + reference)
                      .header("Accept", ACCEPT);
              try (Reply reply = sender.send(request)) {
                if (reply.status() == 404) {
                  return Optional.empty();
                }
                if (reply.isRedirect()) {
                  return Optional.of(Optional.empty());
                }
                RequestSender.expect(reply, request, 200);
                return Optional.of(reply.digest());
              }
            });
    if (answer.isPresent() && answer.get().isEmpty()) {
      // A registry that does not say the digest: the manifest itself does.
      return read(repository, reference).map(RawManifest::digest);
    }
    return answer.flatMap(digest -> digest);
  }

  void put(Repository repository, String reference, RawManifest manifest) {
    sender.call(
        repository,
        () -> {
          Request request =
              Request.push(repository, "PUT", "manifests/" + reference)
                  .header("Content-Type", manifest.mediaType().toString())
                  .body(BlobSource.of(manifest.bytes()));
          try (Reply reply = sender.send(request)) {
            if (reply.status() != 201 && reply.status() != 200) {
              Errors.Answer answer = Errors.read(reply);
              ImageSpecException failure = Errors.failure(answer, request.asked(), true);
              if (answer.isMissingBlob()) {
                // Amazon ECR knows of a blob a moment later than it says so.
                throw new RetryableException(failure, Optional.empty());
              }
              throw failure;
            }
            Optional<Digest> reported = reply.digest();
            if (reported.isPresent() && !reported.get().equals(manifest.digest())) {
              throw new ImageSpecException(
                  FailureCode.DIGEST_MISMATCH,
                  repository
                      + " has "
                      + reported.get()
                      + " for what was sent as "
                      + manifest.digest()
                      + ".");
            }
            return reported.isPresent();
          }
        });
  }

  /** The manifest in a reply, which is what was asked for and what it says that it is. */
  private static RawManifest checked(Repository repository, String reference, Reply reply)
      throws IOException {
    byte[] bytes = reply.bytes(MAX_MANIFEST, "The manifest " + reference + " of " + repository);
    Digest digest = Digest.of(bytes);
    Optional<Digest> reported = reply.digest();
    boolean byDigest = reference.startsWith("sha256:");
    if ((byDigest && !reference.equals(digest.toString()))
        || (reported.isPresent() && !reported.get().equals(digest))) {
      throw new ImageSpecException(
          FailureCode.DIGEST_MISMATCH,
          repository + " gives " + digest + " for " + reference + " and calls it something else.");
    }
    String type = reply.header("Content-Type").orElse("").replaceFirst("\\s*;.*", "").strip();
    try {
      return RawManifest.read(type, bytes);
    } catch (InvalidDocumentException e) {
      throw new ImageSpecException(
          FailureCode.PROTOCOL,
          repository
              + (byDigest ? "@" : ":")
              + reference
              + " cannot be read: "
              + e.getMessage()
              + ". Push it again as an OCI image or in Docker's schema 2.",
          e);
    }
  }
}
