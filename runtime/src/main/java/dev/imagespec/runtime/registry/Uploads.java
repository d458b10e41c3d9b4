package dev.imagespec.runtime.registry;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.http.Addresses;
import dev.imagespec.runtime.http.Reply;
import dev.imagespec.runtime.http.RetryableException;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.UUID;

/** Sends blobs, or mounts them from another repository of the same registry. */
public final class Uploads {
  private final RequestSender sender;

  Uploads(RequestSender sender) {
    this.sender = sender;
  }

  /**
   * Sends a blob: one request to start, and one with all bytes. Not in chunks, because some
   * registries keep only the first chunk.
   */
  public void upload(Repository repository, BlobSource blob) {
    sender.call(
        Operation.START_UPLOAD,
        repository,
        () -> {
          Request request =
              Request.push(Operation.START_UPLOAD, repository, "POST", "blobs/uploads/");
          try (Reply reply = sender.send(request)) {
            sender.expect(reply, request, 202);
            return finish(repository, blob, reply);
          }
        });
  }

  /**
   * Mounts a blob from another repository of the registry; if the registry does not mount it, sends
   * it.
   *
   * @return whether it was mounted
   */
  public boolean mountOrUpload(Repository to, Repository from, BlobSource blob) {
    return sender.call(
        Operation.START_UPLOAD,
        to,
        () -> {
          Request request =
              Request.push(
                      Operation.START_UPLOAD,
                      to,
                      "POST",
                      "blobs/uploads/?mount=" + blob.digest() + "&from=" + from.name())
                  .pulling(from);
          try (Reply reply = sender.send(request)) {
            if (reply.status() == 201) {
              return true;
            }
            sender.expect(reply, request, 202);
            finish(to, blob, reply);
            return false;
          }
        });
  }

  /**
   * Checks whether the credential may push, without pushing: tries to finish an upload that was
   * never started.
   *
   * @return empty if the registry's answer does not tell
   * @throws ImageSpecException if pushing is denied, or the registry cannot be reached
   */
  public Optional<Boolean> mayPush(Repository repository) {
    String nobodys = "blobs/uploads/" + UUID.randomUUID() + "?digest=" + Digest.of(new byte[0]);
    return sender.call(
        Operation.START_UPLOAD,
        repository,
        () -> {
          try (Reply reply =
              sender.send(Request.push(Operation.FINISH_UPLOAD, repository, "PUT", nobodys))) {
            return reply.status() == 404 || reply.status() == 400
                ? Optional.of(true)
                : Optional.empty();
          }
        });
  }

  /** Sends the bytes to the upload address that the registry returned. */
  private boolean finish(Repository repository, BlobSource blob, Reply started)
      throws IOException, InterruptedException {
    URI own = Endpoint.root(repository.registry());
    String named = started.header("Location").orElse("");
    URI location =
        Addresses.resolve(own, named)
            .filter(uri -> !named.isEmpty() && Addresses.sameOrigin(own, uri))
            .orElseThrow(
                () ->
                    new ImageSpecException(
                        FailureCode.PROTOCOL,
                        repository
                            + " wants the blob "
                            + blob.digest()
                            + " sent to "
                            + (named.isEmpty() ? "no place" : "another host")
                            + ". Nothing was sent there."));
    String separator = location.getRawQuery() == null ? "?" : "&";
    Request request =
        Request.push(
                Operation.FINISH_UPLOAD,
                repository,
                "PUT",
                URI.create(location + separator + "digest=" + blob.digest()))
            .header("Content-Type", "application/octet-stream")
            .body(blob);
    try (Reply reply = sender.send(request)) {
      if (reply.status() == 201) {
        return true;
      }
      Answer answer = Answer.read(reply);
      ImageSpecException failure = sender.failure(answer, request);
      if (answer.isSpoiledUpload()) {
        throw new RetryableException(failure, Optional.empty());
      }
      throw failure;
    }
  }
}
