package dev.imagespec.runtime.compose;

import dev.imagespec.runtime.ImageSpecException;
import java.io.IOException;
import java.io.OutputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/**
 * Compresses on all cores: blocks of a fixed length, each with the end of the one before as its
 * dictionary, that together are one member of gzip (RFC 1952). The bytes depend on the content
 * alone. (As pigz does it.)
 */
final class BlockGzip extends OutputStream {
  static final int BLOCK = 1 << 18;

  /** How far back deflate looks (RFC 1951). */
  private static final int WINDOW = 1 << 15;

  /** A block that cannot be compressed grows, but by less than this. */
  private static final int GROWTH = 1 << 12;

  /** No name, no time, no system: nothing of the machine. */
  private static final byte[] HEADER = {0x1f, (byte) 0x8b, 8, 0, 0, 0, 0, 0, 0, (byte) 0xff};

  private static final byte[] NOTHING = {};

  private final OutputStream out;
  private final Compressors compressors;
  private final CRC32 crc = new CRC32();
  private final Deque<Future<Block>> underWay = new ArrayDeque<>();
  private byte[] dictionary = NOTHING;
  private byte[] block = new byte[BLOCK];
  private int length;
  private long total;
  private boolean closed;

  /**
   * Compresses to a stream, which stays open.
   *
   * @param compressors threads for it, which many may share
   */
  BlockGzip(OutputStream out, Compressors compressors) throws IOException {
    this.out = out;
    this.compressors = compressors;
    out.write(HEADER);
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    crc.update(bytes, offset, count);
    total += count;
    int at = offset;
    while (at < offset + count) {
      if (length == BLOCK) {
        compress(false);
      }
      int part = Math.min(BLOCK - length, offset + count - at);
      System.arraycopy(bytes, at, block, length, part);
      length += part;
      at += part;
    }
  }

  /** Has the block compressed, and begins a new one. */
  private void compress(boolean isLast) throws IOException {
    Block full = new Block(dictionary, block, length, isLast);
    while (!underWay.isEmpty() && (isLast || underWay.element().isDone())) {
      writeFirst();
    }
    if (isLast || !isTaken(full)) {
      full.compressed().writeTo(out);
    }
    dictionary = full.end();
    block = isLast ? NOTHING : new byte[BLOCK];
    length = 0;
  }

  /**
   * Whether a thread gets the block. If there is no room for it, waits for this stream's own blocks
   * alone; if it has none under way, nobody is waited for.
   */
  private boolean isTaken(Block full) throws IOException {
    while (!compressors.mayTake()) {
      if (underWay.isEmpty()) {
        return false;
      }
      writeFirst();
    }
    underWay.add(compressors.submit(full::compressed));
    return true;
  }

  private void writeFirst() throws IOException {
    try {
      underWay.element().get().writeTo(out);
      underWay.remove();
    } catch (InterruptedException e) {
      throw ImageSpecException.interrupted(e);
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
    compressors.taken();
  }

  /** Ends the member. */
  void finish() throws IOException {
    compress(true);
    writeNumber(crc.getValue());
    writeNumber(total);
  }

  /** Writes 32 bits, the lowest first. */
  private void writeNumber(long number) throws IOException {
    for (int shift = 0; shift < Integer.SIZE; shift += Byte.SIZE) {
      out.write((int) (number >>> shift) & 0xff);
    }
  }

  /** Gives up what is under way, if it did not end. */
  @Override
  public void close() {
    if (!closed) {
      closed = true;
      for (Future<Block> left : underWay) {
        left.cancel(false);
        compressors.taken();
      }
      underWay.clear();
    }
  }

  /** A block of the content, and what comes of it. */
  private static final class Block {
    private final byte[] dictionary;
    private final byte[] bytes;
    private final int length;
    private final boolean isLast;
    private byte[] compressed = NOTHING;
    private int compressedLength;

    Block(byte[] dictionary, byte[] bytes, int length, boolean isLast) {
      this.dictionary = dictionary;
      this.bytes = bytes;
      this.length = length;
      this.isLast = isLast;
    }

    Block compressed() {
      compressed = new byte[length + GROWTH];
      Deflater deflater = new Deflater(Deflater.DEFAULT_COMPRESSION, true);
      try {
        if (dictionary.length > 0) {
          deflater.setDictionary(dictionary);
        }
        deflater.setInput(bytes, 0, length);
        if (isLast) {
          deflater.finish();
        }
        // Without the flush, the next block would not begin at a whole byte.
        int flush = isLast ? Deflater.NO_FLUSH : Deflater.SYNC_FLUSH;
        compressedLength = deflater.deflate(compressed, 0, compressed.length, flush);
        if (compressedLength == compressed.length || (isLast && !deflater.finished())) {
          throw new IllegalStateException(
              "a block of " + length + " bytes grew to " + compressedLength);
        }
        return this;
      } finally {
        deflater.end();
      }
    }

    void writeTo(OutputStream out) throws IOException {
      out.write(compressed, 0, compressedLength);
    }

    /** What the next block may repeat. */
    byte[] end() {
      return Arrays.copyOfRange(bytes, length - Math.min(WINDOW, length), length);
    }
  }
}
