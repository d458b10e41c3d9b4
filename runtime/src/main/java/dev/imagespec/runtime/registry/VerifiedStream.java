package dev.imagespec.runtime.registry;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Repository;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;

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

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    int n = in.read(buffer, offset, length);
    if (n > 0) {
      sha256.update(buffer, offset, n);
      read += n;
      if (read > size) {
        throw new IOException(
            repository + " gives more than the " + size + " bytes of the blob " + expected);
      }
      if (read == size) {
        check();
      }
    } else if (n < 0 && read < size) {
      throw new IOException(
          repository + " ends the blob " + expected + " after " + read + " of " + size + " bytes");
    }
    return n;
  }

  private void check() throws IOException {
    Digest actual = Digest.ofHash(sha256.digest());
    if (!actual.equals(expected)) {
      throw Errors.mismatch(repository, expected, actual);
    }
  }
}
