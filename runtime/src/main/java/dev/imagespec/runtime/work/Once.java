package dev.imagespec.runtime.work;

import dev.imagespec.runtime.ImageSpecException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/**
 * Computes each value once, however many threads ask for it. The first to ask computes it in its
 * own thread, without holding a lock, and the others wait for the result.
 *
 * <p>If the computation fails, all waiting threads get its exception, and a later call computes
 * again. A computation must not ask for its own key: it would wait for itself.
 */
public final class Once<K, V> {
  private final ConcurrentMap<K, CompletableFuture<V>> values = new ConcurrentHashMap<>();

  /**
   * The value for a key.
   *
   * @param computation computes the value, if nobody has yet
   * @throws RuntimeException if the computation throws it
   * @throws ImageSpecException if the caller is interrupted while it waits for another thread
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

  /** Removes a value. One that is still being computed stays. */
  public void forget(K key) {
    values.computeIfPresent(key, (same, value) -> value.isDone() ? null : value);
  }

  /** Removes a value, unless it was computed again since. */
  public void forget(K key, V old) {
    values.computeIfPresent(
        key, (same, value) -> isDone(value) && value.join() == old ? null : value);
  }

  /** All values computed so far. */
  public List<V> values() {
    return values.values().stream().filter(Once::isDone).map(CompletableFuture::join).toList();
  }

  private static boolean isDone(CompletableFuture<?> value) {
    return value.isDone() && !value.isCompletedExceptionally();
  }

  private static <V> V await(CompletableFuture<V> value) {
    try {
      return value.get();
    } catch (InterruptedException e) {
      throw ImageSpecException.interrupted(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
