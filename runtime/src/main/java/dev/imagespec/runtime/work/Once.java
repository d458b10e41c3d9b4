package dev.imagespec.runtime.work;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.function.Supplier;

/**
 * Computes each value once, however many threads ask for it. The first to ask computes it in its
 * own thread, without holding a lock, and the others wait for that.
 *
 * <p>A failure reaches all that wait, as the exception that it was, and is forgotten: whoever asks
 * later computes again. A computation must not ask for its own key, which would wait for itself.
 */
public final class Once<K, V> {
  private final ConcurrentMap<K, CompletableFuture<V>> values = new ConcurrentHashMap<>();

  /**
   * The value of a key.
   *
   * @param computation computes it, if nobody has yet
   * @throws RuntimeException what the computation throws
   */
  public V get(K key, Supplier<? extends V> computation) {
    CompletableFuture<V> own = new CompletableFuture<>();
    CompletableFuture<V> others = values.putIfAbsent(key, own);
    if (others != null) {
      return await(others);
    }
    try {
      V value = computation.get();
      own.complete(value);
      return value;
    } catch (RuntimeException | Error e) {
      values.remove(key, own);
      own.completeExceptionally(e);
      throw e;
    }
  }

  private static <V> V await(CompletableFuture<V> value) {
    try {
      return value.join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw e;
    }
  }
}
