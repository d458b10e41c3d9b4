package dev.imagespec.runtime.registry;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.http.Reply;
import dev.imagespec.runtime.http.RetryPolicy;
import dev.imagespec.runtime.http.RetryableException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Reads blobs. */
public final class Blobs {
  private static final int MAX_SMALL_BLOB = 8 << 20;

  private final RequestSender sender;

  Blobs(RequestSender sender) {
    this.sender = sender;
  }

  /** Whether a repository has a blob. */
  public boolean exists(Repository repository, Digest digest) {
    return exists(repository, digest, -1);
  }

  /**
   * Whether a repository has a blob of this length.
   *
   * @param size its length in bytes, or -1 if it is not known
   * @throws ImageSpecException with {@link FailureCode#PROTOCOL} if the registry says that it has
   *     the blob in another length: equal digests mean equal bytes, so the manifest is wrong
   */
  public boolean exists(Repository repository, Digest digest, long size) {
    return sender.call(
        Operation.CHECK_BLOB,
        repository,
        () -> {
          Request request =
              Request.pull(Operation.CHECK_BLOB, repository, "HEAD", "blobs/" + digest);
          try (Reply reply = sender.send(request)) {
            if (reply.status() == 404) {
              return false;
            }
            if (RequestSender.isUnknownMethod(reply)) {
              return canBeRead(repository, digest);
            }
            // A registry may store its blobs elsewhere, and redirect HEAD requests as well.
            if (!reply.isRedirect()) {
              sender.expect(reply, request, 200);
              // Some servers answer every HEAD request with 0.
              if (!reply.header("Content-Length").orElse("").equals("0")) {
                checkLength(reply, repository, digest, size, "has");
              }
            }
            return true;
          }
        });
  }

  /** Starts to read a blob, and does not go on. */
  private boolean canBeRead(Repository repository, Digest digest)
      throws IOException, InterruptedException {
    Request request = Request.pull(Operation.CHECK_BLOB, repository, "GET", "blobs/" + digest);
    Reply reply = sender.send(request);
    try {
      if (reply.status() != 404 && !reply.isRedirect()) {
        sender.expect(reply, request, 200);
      }
      return reply.status() != 404;
    } finally {
      reply.body().close();
    }
  }

  /**
   * Reads a small blob into memory, and checks its digest.
   *
   * @param size its length in bytes, or -1 if it is not known
   */
  public byte[] read(Repository repository, Digest digest, long size) {
    if (size > MAX_SMALL_BLOB) {
      throw new ImageSpecException(
          FailureCode.PROTOCOL,
          "The blob " + digest + " of " + repository + " is larger than a configuration can be.");
    }
    return sender.call(
        Operation.READ_BLOB,
        repository,
        () -> {
          try (Reply reply = get(repository, digest)) {
            checkLength(reply, repository, digest, size, "gives");
            byte[] bytes =
                reply.bytes(
                    size < 0 ? MAX_SMALL_BLOB : (int) size,
                    "The blob " + digest + " of " + repository);
            if (!Digest.of(bytes).equals(digest)) {
              throw Errors.mismatch(repository, digest, Digest.of(bytes));
            }
            if (size >= 0 && bytes.length != size) {
              throw Errors.wrongSize(repository, digest, size, "gives only " + bytes.length);
            }
            return bytes;
          }
        });
  }

  /**
   * A blob in a repository. It is downloaded each time it is opened, and checked while it is read.
   *
   * @param size its length in bytes
   */
  public BlobSource source(Repository repository, Digest digest, long size) {
    return new BlobSource() {
      @Override
      public Digest digest() {
        return digest;
      }

      @Override
      public long size() {
        return size;
      }

      @Override
      public InputStream open() throws IOException {
        try {
          Reply reply = get(repository, digest);
          try {
            checkLength(reply, repository, digest, size, "gives");
          } catch (ImageSpecException e) {
            reply.body().close();
            throw e;
          }
          return new VerifiedStream(reply.body(), repository, digest, size);
        } catch (RetryableException e) {
          throw e;
        } catch (IOException e) {
          // Not the fault of the registry that the bytes may be sent to.
          throw new RetryableException(
              RetryPolicy.unreachable(repository.registry().toString(), e), Optional.empty());
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
          throw new IOException("interrupted", e);
        }
      }

      /** Starts again if the connection breaks off, but not if the file cannot be written. */
      @Override
      public void copyTo(Path file) throws IOException {
        try {
          boolean unused =
              sender.call(
                  Operation.READ_BLOB,
                  repository,
                  () -> {
                    try (InputStream in = open();
                        OutputStream out = new WrittenFile(file)) {
                      in.transferTo(out);
                      return true;
                    }
                  });
        } catch (UncheckedIOException e) {
          throw e.getCause();
        }
      }
    };
  }

  /** Fails before the bytes come, or without them, if they are more or fewer than expected. */
  private static void checkLength(
      Reply reply, Repository repository, Digest digest, long size, String verb) {
    String length = reply.header("Content-Length").orElse("");
    if (size >= 0 && !length.isEmpty() && !length.equals(Long.toString(size))) {
      String shown = reply.quotable(length);
      throw Errors.wrongSize(repository, digest, size, verb + " " + shown + " bytes");
    }
  }

  /** A file whose failures are no failures of the registry. */
  private static final class WrittenFile extends OutputStream {
    private final OutputStream file;

    WrittenFile(Path file) {
      this.file = written(() -> Files.newOutputStream(file));
    }

    private interface Write<T> {
      T run() throws IOException;
    }

    private static <T> T written(Write<T> write) {
      try {
        return write.run();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void write(int b) {
      write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) {
      boolean unused =
          written(
              () -> {
                file.write(bytes, offset, length);
                return true;
              });
    }

    @Override
    public void close() {
      boolean unused =
          written(
              () -> {
                file.close();
                return true;
              });
    }
  }

  private Reply get(Repository repository, Digest digest) throws IOException, InterruptedException {
    Request request = Request.pull(Operation.READ_BLOB, repository, "GET", "blobs/" + digest);
    Reply reply = sender.follow(request);
    if (reply.status() != 200) {
      try (Reply failed = reply) {
        if (failed.status() == 404) {
          // Not REPOSITORY_NOT_FOUND: that would be taken for the repository that is written to.
          throw new ImageSpecException(
              FailureCode.PROTOCOL,
              repository
                  + " does not have the blob "
                  + digest
                  + ", which one of its manifests refers to. Push that image anew."
                  + Answer.read(failed).quoted());
        }
        throw sender.failure(failed, request);
      }
    }
    return reply;
  }
}
