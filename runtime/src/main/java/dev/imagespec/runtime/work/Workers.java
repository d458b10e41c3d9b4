package dev.imagespec.runtime.work;

import dev.imagespec.runtime.ImageSpecException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A fixed number of threads. Work that they run must never wait for other work of theirs: what
 * needs the result of other work follows it as a stage.
 */
public final class Workers implements Executor, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Workers.class);
  private static final int PATIENCE_SECONDS = 30;
  private static final int MOST_AT_ONCE = 32;

  private final ExecutorService threads;

  public Workers(int parallelism) {
    threads = Executors.newFixedThreadPool(parallelism);
  }

  /**
   * Converts each item in a thread of its own, for work that mostly waits for answers: of several
   * servers that never answer, all are waited for at the same time.
   *
   * @return the results, in the order of the items
   * @throws ImageSpecException if the caller is interrupted; the work is then cancelled
   */
  public static <T, R> List<R> atOnce(List<T> items, Function<T, R> work) {
    return atOnce(items, MOST_AT_ONCE, work);
  }

  /**
   * Converts items as {@link #atOnce(List, Function)} does, at most so many at the same time: for
   * one server.
   */
  public static <T, R> List<R> atOnce(List<T> items, int most, Function<T, R> work) {
    if (items.size() <= 1) {
      return items.stream().map(work).toList();
    }
    try (Workers workers = new Workers(Math.min(items.size(), most))) {
      return workers.map(items, work);
    }
  }

  @Override
  public void execute(Runnable work) {
    threads.execute(work);
  }

  /** Starts a piece of work as soon as a thread is free. */
  public <R> CompletableFuture<R> start(Supplier<R> work) {
    return CompletableFuture.supplyAsync(work, threads);
  }

  /**
   * Waits for the result of stages. Only for threads that are none of these.
   *
   * @throws ImageSpecException if the caller is interrupted; all work is then cancelled
   */
  public <R> R await(CompletableFuture<R> stage) {
    try {
      return stage.get();
    } catch (InterruptedException e) {
      close();
      throw ImageSpecException.interrupted(e);
    } catch (ExecutionException e) {
      throw unchecked(e);
    }
  }

  /** Processes each item, in parallel if threads are free, and waits for all. */
  public <T> void forEach(List<T> items, Consumer<T> work) {
    map(
        items,
        item -> {
          work.accept(item);
          return true;
        });
  }

  /**
   * Converts each item, in parallel if threads are free, and waits for all.
   *
   * @return the results, in the order of the items
   * @throws ImageSpecException if the caller is interrupted; the work is then cancelled
   */
  public <T, R> List<R> map(List<T> items, Function<T, R> work) {
    List<Future<R>> futures = new ArrayList<>();
    for (T item : items) {
      futures.add(threads.submit(() -> work.apply(item)));
    }
    List<R> results = new ArrayList<>();
    try {
      for (Future<R> future : futures) {
        results.add(future.get());
      }
      return results;
    } catch (InterruptedException e) {
      throw ImageSpecException.interrupted(e);
    } catch (ExecutionException e) {
      throw unchecked(e);
    } finally {
      futures.forEach(future -> future.cancel(true));
    }
  }

  private static RuntimeException unchecked(ExecutionException e) {
    if (e.getCause() instanceof RuntimeException failure) {
      return failure;
    }
    if (e.getCause() instanceof Error error) {
      throw error;
    }
    return new IllegalStateException(e.getCause());
  }

  /** Cancels what still runs, and waits until it has noticed: it may use files that go next. */
  @Override
  public void close() {
    threads.shutdownNow();
    boolean interrupted = false;
    try {
      if (!threads.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        LOG.warn("Cancelled work goes on for more than {} seconds.", PATIENCE_SECONDS);
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
