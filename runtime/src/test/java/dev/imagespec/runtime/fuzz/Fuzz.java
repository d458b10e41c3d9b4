package dev.imagespec.runtime.fuzz;

import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Gives a reader of foreign text broken and hostile documents for a few seconds. Document {@code n}
 * of a run with seed {@code s} is document 0 of a run with seed {@code s + n}, so that each can be
 * had again: {@code -Dimagespec.fuzz.seed=…}. {@code -Dimagespec.fuzz.seconds=…} is the time for
 * each reader.
 */
public final class Fuzz {
  private static final long SEED = Long.getLong("imagespec.fuzz.seed", 20_261_101);
  private static final Duration TIME =
      Duration.ofSeconds(Integer.getInteger("imagespec.fuzz.seconds", 3));

  /** No document may take so long; generous, for machines that do other things, too. */
  private static final Duration HANGING = Duration.ofSeconds(20);

  /** What reading one document may allocate, in bytes: a multiple of the largest document. */
  private static final long MEMORY = 2048L * Mutator.MOST;

  private static final int STACK = 1 << 19;

  /** Reads a document. */
  public interface Reader {
    /**
     * Reads a document, and throws only what is ours: any other exception is a finding.
     *
     * @throws Exception a finding
     */
    void read(byte[] document) throws Exception;
  }

  private final Mutator mutator;
  private final Reader reader;
  private final AtomicLong current = new AtomicLong(SEED);
  private final AtomicLong since = new AtomicLong();
  private final AtomicReference<Throwable> finding = new AtomicReference<>();

  private Fuzz(List<String> samples, Reader reader) {
    this.mutator = new Mutator(samples);
    this.reader = reader;
  }

  /**
   * Fuzzes a reader.
   *
   * @param samples valid documents
   * @throws AssertionError for the first document that the reader throws something else for, hangs
   *     at, or needs too much memory for
   */
  public static void run(List<String> samples, Reader reader) throws InterruptedException {
    new Fuzz(samples, reader).run();
  }

  private void run() throws InterruptedException {
    since.set(System.nanoTime());
    Thread thread = new Thread(null, this::readAll, "fuzz", STACK);
    thread.setDaemon(true);
    thread.start();
    while (thread.isAlive()) {
      thread.join(100);
      if (thread.isAlive() && System.nanoTime() - since.get() > HANGING.toNanos()) {
        AssertionError hanging = new AssertionError("it hangs" + place());
        hanging.setStackTrace(thread.getStackTrace());
        throw hanging;
      }
    }
    Throwable found = finding.get();
    if (found != null) {
      throw new AssertionError(found + place(), found);
    }
  }

  private void readAll() {
    long end = System.nanoTime() + TIME.toNanos();
    try {
      do {
        byte[] document = document();
        long before = allocated();
        since.set(System.nanoTime());
        reader.read(document);
        long needed = allocated() - before;
        if (needed > MEMORY) {
          throw new AssertionError("it allocates " + needed + " bytes");
        }
        current.incrementAndGet();
      } while (System.nanoTime() < end);
    } catch (Throwable e) {
      finding.set(e);
    }
  }

  private byte[] document() {
    return mutator.document(current.get());
  }

  private static long allocated() {
    return ((com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean())
        .getCurrentThreadAllocatedBytes();
  }

  private String place() {
    String document = new String(mutator.document(current.get()), StandardCharsets.UTF_8);
    return "\n-Dimagespec.fuzz.seed="
        + current.get()
        + " makes this document:\n"
        + document.substring(0, Math.min(document.length(), 2000));
  }
}
