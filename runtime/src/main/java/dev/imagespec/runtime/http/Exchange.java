package dev.imagespec.runtime.http;

import java.util.concurrent.CompletableFuture;

/**
 * A request under way, which the watchdog's thread may cancel at any time, also before the request
 * has started.
 */
final class Exchange {
  private CompletableFuture<?> running = new CompletableFuture<Void>();
  private boolean cancelled;

  /** Says what to cancel. Cancels it at once if that was asked for earlier. */
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
