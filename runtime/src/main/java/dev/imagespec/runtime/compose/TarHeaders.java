package dev.imagespec.runtime.compose;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.tar.TarUtils;

/**
 * A tar whose headers are in ASCII. Commons Compress, which jib writes with, encodes their format
 * and its version in the machine's default charset, which may be UTF-16.
 */
final class TarHeaders extends FilterOutputStream {
  private static final int SIZE = TarConstants.DEFAULT_RCDSIZE;
  private static final int FORMAT = TarConstants.MAGIC_OFFSET;
  private static final int FORMAT_LENGTH = TarConstants.MAGICLEN + TarConstants.VERSIONLEN;
  private static final int CHECKSUM =
      TarConstants.NAMELEN
          + TarConstants.MODELEN
          + TarConstants.UIDLEN
          + TarConstants.GIDLEN
          + TarConstants.SIZELEN
          + TarConstants.MODTIMELEN;

  /** What a header's format and version are in a tar (POSIX.1-2017, pax). */
  private static final byte[] RIGHT =
      (TarConstants.MAGIC_POSIX + TarConstants.VERSION_POSIX).getBytes(StandardCharsets.US_ASCII);

  private static final byte[] WRITTEN = written();

  private final byte[] block = new byte[SIZE];
  private int length;

  private TarHeaders(OutputStream out) {
    super(out);
  }

  /** The stream to write a tar to, so that it arrives in ASCII. */
  static OutputStream to(OutputStream out) {
    return Arrays.equals(RIGHT, WRITTEN) ? out : new TarHeaders(out);
  }

  private static byte[] written() {
    byte[] bytes = new byte[FORMAT_LENGTH];
    TarUtils.formatNameBytes(TarConstants.MAGIC_POSIX, bytes, 0, TarConstants.MAGICLEN);
    TarUtils.formatNameBytes(
        TarConstants.VERSION_POSIX, bytes, TarConstants.MAGICLEN, TarConstants.VERSIONLEN);
    return bytes;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    int at = offset;
    while (at < offset + count) {
      int part = Math.min(SIZE - length, offset + count - at);
      System.arraycopy(bytes, at, block, length, part);
      length += part;
      at += part;
      if (length == SIZE) {
        if (isWrongHeader()) {
          mend();
        }
        out.write(block);
        length = 0;
      }
    }
  }

  /** Files have no such block, unless they are tars that were written in such a charset. */
  private boolean isWrongHeader() {
    return Arrays.equals(block, FORMAT, FORMAT + FORMAT_LENGTH, WRITTEN, 0, FORMAT_LENGTH)
        && TarUtils.verifyCheckSum(block);
  }

  private void mend() {
    System.arraycopy(RIGHT, 0, block, FORMAT, FORMAT_LENGTH);
    Arrays.fill(block, CHECKSUM, CHECKSUM + TarConstants.CHKSUMLEN, (byte) ' ');
    TarUtils.formatCheckSumOctalBytes(
        TarUtils.computeCheckSum(block), block, CHECKSUM, TarConstants.CHKSUMLEN);
  }

  @Override
  public void close() throws IOException {
    if (length > 0) {
      out.write(block, 0, length);
      length = 0;
    }
    super.close();
  }
}
