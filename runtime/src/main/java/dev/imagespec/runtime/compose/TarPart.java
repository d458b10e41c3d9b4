package dev.imagespec.runtime.compose;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/**
 * Takes a tar as a part of a longer one: leaves out what marks its end, two blocks of zeros, and
 * leaves the longer one open.
 */
final class TarPart extends FilterOutputStream {
  private static final int END = 2 * TarConstants.DEFAULT_RCDSIZE;

  /** The last bytes so far. */
  private final byte[] last = new byte[END];

  private int length;

  TarPart(OutputStream whole) {
    super(whole);
  }

  /** Marks the end of the longer tar. */
  static void end(OutputStream whole) throws IOException {
    whole.write(new byte[END]);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    int sure = length + count - END;
    if (sure > 0) {
      int old = Math.min(sure, length);
      out.write(last, 0, old);
      System.arraycopy(last, old, last, 0, length - old);
      length -= old;
      out.write(bytes, offset, sure - old);
      System.arraycopy(bytes, offset + sure - old, last, length, count - (sure - old));
      length += count - (sure - old);
    } else {
      System.arraycopy(bytes, offset, last, length, count);
      length += count;
    }
  }

  @Override
  public void close() throws IOException {
    for (byte b : last) {
      if (b != 0) {
        throw new IOException("a part of a layer has no end");
      }
    }
  }
}
