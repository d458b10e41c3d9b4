package dev.imagespec.runtime.registry;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.http.RetryPolicy;
import dev.imagespec.runtime.http.RetryableException;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Optional;

/**
 * A blob's bytes. Fails at the end of the stream, or at the first byte too many, if they do not
 * match the expected digest and length.
 */
final class VerifiedStream extends FilterInputStream {
  private final Repository repository;
  private final Digest expected;
  private final long size;
  private final MessageDigest sha256 = Digest.sha256();
  private long read;
  private boolean checked;

  VerifiedStream(InputStream in, Repository repository, Digest expected, long size) {
    super(in);
    this.repository = repository;
    this.expected = expected;
    this.size = size;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  /**
   * Reads on.
   *
   * @throws ImageSpecException with {@link FailureCode#PROTOCOL} if there are more bytes than the
   *     manifest says: then it is wrong each time
   */
  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int n;
    try {
      n = in.read(buffer, offset, length);
    } catch (IOException e) {
      // Not the fault of the registry that the bytes may be sent to.
      throw new RetryableException(
          RetryPolicy.unreachable(repository.registry().toString(), e), Optional.empty());
    }
    if (n > 0) {
      sha256.update(buffer, offset, n);
      read += n;
      if (read > size) {
        throw Errors.wrongSize(repository, expected, size, "gives more");
      }
    } else if (n < 0 && read < size) {
      throw new RetryableException(
          Errors.wrongSize(repository, expected, size, "gives only " + read), Optional.empty());
    }
    if (read == size && !checked) {
      check();
    }
    return n;
  }

  private void check() throws IOException {
    checked = true;
    Digest actual = Digest.ofHash(sha256.digest());
    if (!actual.equals(expected)) {
      throw Errors.mismatch(repository, expected, actual);
    }
  }
}
