package dev.imagespec.runtime.registry;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.http.Redaction;
import dev.imagespec.runtime.http.Reply;
import dev.imagespec.runtime.http.RetryableException;
import dev.imagespec.runtime.oci.ImageDocument;
import dev.imagespec.runtime.oci.InvalidDocumentException;
import dev.imagespec.runtime.oci.MediaType;
import dev.imagespec.runtime.oci.RawManifest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/** Reads and writes manifests and indexes (OCI distribution, sections "Pull" and "Push"). */
public final class Manifests {
  /** The limit of most registries, in bytes. */
  private static final int MAX_MANIFEST = 4 << 20;

  private static final String ACCEPT = String.join(", ", MediaType.ofImages());

  private final RequestSender sender;

  Manifests(RequestSender sender) {
    this.sender = sender;
  }

  /**
   * Reads a manifest or index.
   *
   * @param reference a tag or a digest
   * @return empty if the repository or the manifest does not exist
   */
  public Optional<RawManifest> get(Repository repository, String reference) {
    return sender.call(
        Operation.READ_MANIFEST,
        repository,
        () -> {
          Request request =
              Request.pull(Operation.READ_MANIFEST, repository, "GET", "manifests/" + reference)
                  .header("Accept", ACCEPT);
          try (Reply reply = sender.follow(request)) {
            if (reply.status() == 404) {
              return Optional.empty();
            }
            sender.expect(reply, request, 200);
            return Optional.of(checked(repository, reference, reply));
          }
        });
  }

  /**
   * Reads a manifest or index by its digest. A registry that caches what it is asked for of another
   * one may know it only after a tag that leads to it was read: then that is done, and the digest
   * asked for again. What the tag names by now does not matter.
   *
   * @param tag the tag; empty if none is known
   * @return empty if the repository or the manifest does not exist
   */
  public Optional<RawManifest> getCached(Repository repository, Digest digest, String tag) {
    Optional<RawManifest> found = get(repository, digest.toString());
    return found.isPresent() || tag.isEmpty() || get(repository, tag).isEmpty()
        ? found
        : get(repository, digest.toString());
  }

  /**
   * The digest that a tag or digest refers to, without downloading the manifest.
   *
   * @return empty if the repository or the manifest does not exist
   */
  public Optional<Digest> digest(Repository repository, String reference) {
    Optional<Optional<Digest>> answer =
        sender.call(
            Operation.READ_MANIFEST,
            repository,
            () -> {
              Request request =
                  Request.pull(
                          Operation.READ_MANIFEST, repository, "HEAD", "manifests/" + reference)
                      .header("Accept", ACCEPT);
              try (Reply reply = sender.send(request)) {
                if (reply.status() == 404) {
                  return Optional.empty();
                }
                if (reply.isRedirect() || RequestSender.isUnknownMethod(reply)) {
                  return Optional.of(Optional.empty());
                }
                sender.expect(reply, request, 200);
                return Optional.of(reported(repository, reply));
              }
            });
    if (answer.isPresent() && answer.get().isEmpty()) {
      // The answer does not state the digest, so compute it from the manifest.
      return get(repository, reference).map(RawManifest::digest);
    }
    return answer.flatMap(digest -> digest);
  }

  /**
   * Writes a manifest or index. The blobs and manifests that it names must exist.
   *
   * @param reference a tag, or the manifest's digest
   * @throws ImageSpecException with {@link FailureCode#TAG_IMMUTABLE} if the tag exists and cannot
   *     be moved; with {@link FailureCode#DIGEST_MISMATCH} if the registry reports another digest
   */
  public void put(Repository repository, String reference, RawManifest manifest) {
    boolean unused = put(repository, reference, manifest, true);
  }

  /**
   * Writes a manifest or index as {@link #put} does, unless the registry misses a blob of it.
   *
   * @return whether it was written; false if a blob is missing
   */
  public boolean putIfComplete(Repository repository, String reference, RawManifest manifest) {
    return put(repository, reference, manifest, false);
  }

  /**
   * Writes a manifest.
   *
   * @param isComplete whether the registry has confirmed all its blobs
   */
  private boolean put(
      Repository repository, String reference, RawManifest manifest, boolean isComplete) {
    return sender.call(
        Operation.WRITE_MANIFEST,
        repository,
        () -> {
          Request request =
              Request.push(Operation.WRITE_MANIFEST, repository, "PUT", "manifests/" + reference)
                  .header("Content-Type", manifest.mediaType().toString())
                  .body(BlobSource.of(manifest.bytes()));
          try (Reply reply = sender.write(request)) {
            if (!RequestSender.isSuccess(reply)) {
              Answer answer = Answer.read(reply);
              if (answer.isMissingBlob() && !isComplete) {
                return false;
              }
              ImageSpecException failure = sender.failure(answer, request);
              if (answer.isMissingBlob() || answer.isInvalidDigest()) {
                // A registry may confirm a blob a moment before its manifests can refer to it. And
                // docker-registry reads half of what it writes while somebody else sends the blob.
                throw new RetryableException(failure, Optional.empty());
              }
              throw failure;
            }
            Optional<Digest> reported = reported(repository, reply);
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
            return true;
          }
        });
  }

  /** The digest that the registry states for a reply's body; empty if it states none. */
  private static Optional<Digest> reported(Repository repository, Reply reply) {
    return reply
        .header("Docker-Content-Digest")
        .filter(text -> text.startsWith("sha256:"))
        .map(
            text -> {
              try {
                return Digest.parse(text);
              } catch (IllegalArgumentException e) {
                // Not with the cause, which quotes the header.
                throw new ImageSpecException(
                    FailureCode.PROTOCOL, repository + " answers with a digest that is none.");
              }
            });
  }

  /** The manifest in a reply, after checking that its digest and media type are right. */
  private static RawManifest checked(Repository repository, String reference, Reply reply)
      throws IOException {
    byte[] bytes = reply.bytes(MAX_MANIFEST, "The manifest " + reference + " of " + repository);
    Digest digest = Digest.of(bytes);
    Optional<Digest> reported = reported(repository, reply);
    boolean byDigest = reference.startsWith("sha256:");
    if ((byDigest && !reference.equals(digest.toString()))
        || (reported.isPresent() && !reported.get().equals(digest))) {
      throw new ImageSpecException(
          FailureCode.DIGEST_MISMATCH,
          repository + " gives " + digest + " for " + reference + " and calls it something else.");
    }
    String type = reply.header("Content-Type").orElse("");
    int parameters = type.indexOf(';');
    type = (parameters < 0 ? type : type.substring(0, parameters)).strip();
    Redaction redaction = reply.redaction();
    try {
      RawManifest manifest = RawManifest.read(type, bytes);
      if (redaction.finds(new String(bytes, StandardCharsets.UTF_8))) {
        // Whoever parses it later would quote the credential.
        ImageDocument unused = manifest.parse();
      }
      return manifest;
    } catch (InvalidDocumentException e) {
      throw new ImageSpecException(
          FailureCode.PROTOCOL,
          repository
              + (byDigest ? "@" : ":")
              + reference
              + " cannot be read: "
              + redaction.apply(String.valueOf(e.getMessage()))
              + ". Push it again as an OCI image or in Docker's schema 2.");
    }
  }
}
