package dev.imagespec.runtime;

import java.util.ArrayDeque;
import java.util.Deque;

/** How fast bytes went during the last seconds. */
final class Throughput {
  private static final long WINDOW_NANOS = 5_000_000_000L;
  private static final double NANOS = 1e9;

  /** How many bytes had gone at a time. */
  private record Sample(long nanos, long bytes) {}

  private final Deque<Sample> samples = new ArrayDeque<>();
  private long bytes;

  Throughput(long nanos) {
    samples.add(new Sample(nanos, 0));
  }

  /** Adds bytes that went until now. */
  void add(long nanos, long more) {
    if (more > 0) {
      bytes += more;
      samples.addLast(new Sample(nanos, bytes));
      forget(nanos);
    }
  }

  /** All bytes that went. */
  long bytes() {
    return bytes;
  }

  /** Bytes per second. */
  double perSecond(long nanos) {
    forget(nanos);
    Sample first = samples.getFirst();
    return nanos <= first.nanos() ? 0 : (bytes - first.bytes()) * NANOS / (nanos - first.nanos());
  }

  /** Keeps one sample that is as old as the window, or older: the speed counts from there. */
  private void forget(long nanos) {
    while (samples.size() > 1 && second().nanos() <= nanos - WINDOW_NANOS) {
      samples.removeFirst();
    }
  }

  private Sample second() {
    var all = samples.iterator();
    all.next();
    return all.next();
  }
}
