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
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/** Sends blobs, or mounts them from another repository of the same registry. */
public final class Uploads {
  private final RequestSender sender;

  /** From where nothing can be mounted. */
  private final Set<Route> refused = ConcurrentHashMap.newKeySet();

  private record Route(Repository from, Repository to) {}

  /** What became of a request to mount a blob. */
  private enum Mount {
    MOUNTED,
    /** The registry has asked for the bytes instead, and has got them. */
    SENT,
    REFUSED
  }

  Uploads(RequestSender sender) {
    this.sender = sender;
  }

  /**
   * Sends a blob: one request to start, and one with all bytes. Not in chunks, because some
   * registries keep only the first chunk.
   */
  public void upload(Repository repository, BlobSource blob) {
    blob.prepare();
    sender.call(
        Operation.START_UPLOAD,
        repository,
        () -> {
          Request request =
              Request.push(Operation.START_UPLOAD, repository, "POST", "blobs/uploads/");
          try (Reply reply = sender.write(request)) {
            sender.expectSuccess(reply, request);
            return finish(repository, blob, reply);
          }
        });
  }

  /**
   * Mounts a blob from another repository of the registry; if the registry does not mount it, or
   * refuses to, sends it: mounting only saves time.
   *
   * @return whether it was mounted
   */
  public boolean mountOrUpload(Repository to, Repository from, BlobSource blob) {
    Mount mount = mount(new Route(from, to), blob);
    if (mount == Mount.REFUSED) {
      upload(to, blob);
    }
    return mount == Mount.MOUNTED;
  }

  private Mount mount(Route route, BlobSource blob) {
    return refused.contains(route)
        ? Mount.REFUSED
        : sender.call(Operation.START_UPLOAD, route.to(), () -> tryToMount(route, blob));
  }

  private Mount tryToMount(Route route, BlobSource blob) throws IOException, InterruptedException {
    Request request =
        Request.push(
                Operation.START_UPLOAD,
                route.to(),
                "POST",
                "blobs/uploads/?mount=" + blob.digest() + "&from=" + route.from().name())
            .pulling(route.from());
    Reply started;
    try {
      started = sender.write(request);
    } catch (ImageSpecException e) {
      // No token for both repositories, or no permission: so it will be for the next blob.
      refused.add(route);
      return Mount.REFUSED;
    } catch (RetryableException e) {
      if (e.failure().code() != FailureCode.UNREACHABLE) {
        throw e;
      }
      // If the registry is down, the upload tries again.
      return Mount.REFUSED;
    }
    try (Reply reply = started) {
      if (reply.status() == 201) {
        return Mount.MOUNTED;
      }
      if (reply.status() != 202) {
        return Mount.REFUSED;
      }
      blob.prepare();
      finish(route.to(), blob, reply);
      return Mount.SENT;
    }
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
        Addresses.resolve(started.uri(), named)
            .map(uri -> Addresses.secured(own, uri))
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
    Request request =
        Request.push(
                Operation.FINISH_UPLOAD,
                repository,
                "PUT",
                Addresses.withQuery(location, "digest=" + blob.digest()))
            .header("Content-Type", "application/octet-stream")
            .body(blob);
    try (Reply reply = sender.write(request)) {
      if (RequestSender.isSuccess(reply)) {
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
