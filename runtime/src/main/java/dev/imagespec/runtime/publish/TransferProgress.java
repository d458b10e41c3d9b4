package dev.imagespec.runtime.publish;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.RegistrationEvent;
import dev.imagespec.runtime.RegistrationListener;
import dev.imagespec.runtime.registry.BlobSource;
import dev.imagespec.runtime.work.Sizes;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/**
 * Counts the bytes of all transfers, and reports how many are done. Safe for use by several
 * threads; sends events one at a time, so that no number decreases.
 */
final class TransferProgress {
  /**
   * Bytes between two events of a blob: often enough for a progress bar without a flood of events.
   */
  private static final long PART = 1 << 20;

  private final RegistrationListener listener;
  private int blobs;
  private long total;
  private long done;

  TransferProgress(RegistrationListener listener) {
    this.listener = listener;
  }

  /** Says how much is to be done, as soon as that is known of all images. */
  synchronized void planned() {
    listener.on(new RegistrationEvent.TransfersPlanned(blobs, total));
  }

  /**
   * Adds the transfer of a blob, which must be {@linkplain Tracked#close closed} whether it
   * succeeds or not.
   */
  synchronized Tracked track(Repository to, BlobSource blob) {
    blobs++;
    total = Sizes.sum(total, size(blob));
    return new Tracked(to, blob);
  }

  private synchronized void add(Tracked blob, long bytes) {
    done = Sizes.sum(done, bytes);
    listener.on(
        new RegistrationEvent.TransferProgress(
            blob.to, blob.digest(), blob.told, blob.sent, done, total));
  }

  private static long size(BlobSource blob) {
    return Math.max(0, blob.size());
  }

  /**
   * A blob that reports how much of it was read. Each byte counts once, even if an upload restarts.
   */
  final class Tracked implements BlobSource, AutoCloseable {
    private final Repository to;
    private final BlobSource blob;
    private long told;
    private long sent;

    private Tracked(Repository to, BlobSource blob) {
      this.to = to;
      this.blob = blob;
    }

    @Override
    public Digest digest() {
      return blob.digest();
    }

    @Override
    public long size() {
      return blob.size();
    }

    @Override
    public boolean isCertain() {
      return blob.isCertain();
    }

    @Override
    public void prepare() {
      blob.prepare();
    }

    @Override
    public InputStream open() throws IOException {
      return new Counting(blob.open());
    }

    private void reached(long position) {
      long bytes = Math.min(position, TransferProgress.size(this)) - told;
      if (bytes > 0) {
        told += bytes;
        add(this, bytes);
      }
    }

    @Override
    public void close() {
      reached(TransferProgress.size(this));
    }

    private final class Counting extends FilterInputStream {
      private long position;

      private Counting(InputStream in) {
        super(in);
      }

      @Override
      public int read() throws IOException {
        int value = super.read();
        count(value < 0 ? 0 : 1);
        return value;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = super.read(bytes, offset, length);
        count(Math.max(0, count));
        return count;
      }

      @Override
      public long skip(long count) throws IOException {
        long skipped = super.skip(count);
        count(skipped);
        return skipped;
      }

      private void count(long bytes) {
        position += bytes;
        sent = Math.max(sent, Math.min(position, TransferProgress.size(Tracked.this)));
        if (position - told >= PART) {
          reached(position);
        }
      }
    }
  }
}
