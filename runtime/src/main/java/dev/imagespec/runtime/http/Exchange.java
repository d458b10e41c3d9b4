package dev.imagespec.runtime.http;

import java.util.concurrent.CompletableFuture;

/**
 * A request in progress. The watchdog's thread may cancel it at any time, even before it starts.
 */
final class Exchange {
  private CompletableFuture<?> running = new CompletableFuture<Void>();
  private boolean cancelled;

  /** Sets what to cancel. Cancels it at once if {@link #cancel} was called before. */
  void started(CompletableFuture<?> future) {
    boolean late;
    synchronized (this) {
      running = future;
      late = cancelled;
    }
    if (late) {
      future.cancel(true);
    }
  }

  /** Cancels the request. */
  void cancel() {
    CompletableFuture<?> future;
    synchronized (this) {
      cancelled = true;
      future = running;
    }
    future.cancel(true);
  }
}
