package dev.imagespec.runtime.registry;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.io.IOException;
import java.net.URI;
import java.util.Optional;
import java.util.UUID;

/** Sends blobs, or has a registry take them over from another of its repositories. */
final class Uploads {
  private final RequestSender sender;

  Uploads(RequestSender sender) {
    this.sender = sender;
  }

  void upload(Repository repository, BlobSource blob) {
    sender.call(
        repository,
        () -> {
          Request request = Request.push(repository, "POST", "blobs/uploads/");
          try (Reply reply = sender.send(request)) {
            RequestSender.expect(reply, request, 202);
            return finish(repository, blob, reply);
          }
        });
  }

  boolean mountOrUpload(Repository to, Repository from, BlobSource blob) {
    return sender.call(
        to,
        () -> {
          Request request =
              Request.push(
                      to, "POST", "blobs/uploads/?mount=" + blob.digest() + "&from=" + from.name())
                  .pulling(from);
          try (Reply reply = sender.send(request)) {
            if (reply.status() == 201) {
              return true;
            }
            RequestSender.expect(reply, request, 202);
            finish(to, blob, reply);
            return false;
          }
        });
  }

  Optional<Boolean> mayPush(Repository repository) {
    String nobodys = "blobs/uploads/" + UUID.randomUUID() + "?digest=" + Digest.of(new byte[0]);
    return sender.call(
        repository,
        () -> {
          try (Reply reply = sender.send(Request.push(repository, "PUT", nobodys))) {
            return reply.status() == 404 || reply.status() == 400
                ? Optional.of(true)
                : Optional.empty();
          }
        });
  }

  /** Sends the bytes to where a registry has made a place for them. */
  private boolean finish(Repository repository, BlobSource blob, Reply started)
      throws IOException, InterruptedException {
    URI own = Endpoint.root(repository.registry());
    String named = started.header("Location").orElse("");
    URI location =
        Endpoint.resolve(own, named)
            .filter(uri -> !named.isEmpty() && Endpoint.sameOrigin(own, uri))
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
                repository, "PUT", URI.create(location + separator + "digest=" + blob.digest()))
            .header("Content-Type", "application/octet-stream")
            .body(blob);
    try (Reply reply = sender.send(request)) {
      if (reply.status() == 404) {
        // The upload itself is gone: start a new one.
        Errors.Answer answer = Errors.read(reply);
        throw new RetryableException(
            Errors.failure(answer, request.asked(), true), Optional.empty());
      }
      RequestSender.expect(reply, request, 201);
      return true;
    }
  }
}
