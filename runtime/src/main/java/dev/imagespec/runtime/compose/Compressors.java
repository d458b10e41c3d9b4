package dev.imagespec.runtime.compose;

import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;

/**
 * A thread for each core, to compress with, and how many blocks may be in memory for them. They
 * never wait for each other. They are started when there is something to do.
 */
final class Compressors implements AutoCloseable {
  /** More would need more memory than they save time. */
  private static final int MOST_THREADS = 64;

  private static final int BLOCKS_A_THREAD = 2;

  private final ExecutorService threads;
  private final Semaphore blocks;

  Compressors() {
    this(Math.min(Runtime.getRuntime().availableProcessors(), MOST_THREADS));
  }

  Compressors(int count) {
    threads =
        Executors.newFixedThreadPool(
            count,
            work -> {
              Thread thread = new Thread(work, "imagespec-compress");
              thread.setDaemon(true);
              return thread;
            });
    blocks = new Semaphore(count * BLOCKS_A_THREAD);
  }

  /** Whether there is room for another block; then its result must be {@link #taken}. */
  boolean mayTake() {
    return blocks.tryAcquire();
  }

  <T> Future<T> submit(Callable<T> work) {
    return threads.submit(work);
  }

  void taken() {
    blocks.release();
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
