package dev.imagespec.runtime.work;

import dev.imagespec.runtime.ImageSpecException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;

/**
 * Values that are computed once per key. The first caller computes, in its own thread and without a
 * lock; others that want the same value wait for it. A failure is thrown to all of them and not
 * kept: the next caller tries again.
 */
public final class Memo<K, V> {
  private final Map<K, CompletableFuture<V>> values = new ConcurrentHashMap<>();

  /**
   * The value of a key.
   *
   * @param compute makes the value; must not ask for the same key
   * @throws ImageSpecException if the caller is interrupted while it waits for another one
   */
  public V get(K key, Supplier<? extends V> compute) {
    CompletableFuture<V> mine = new CompletableFuture<>();
    CompletableFuture<V> known = values.putIfAbsent(key, mine);
    if (known != null) {
      return await(known);
    }
    try {
      V value = compute.get();
      mine.complete(value);
      return value;
    } catch (RuntimeException | Error e) {
      values.remove(key, mine);
      mine.completeExceptionally(e);
      throw e;
    }
  }

  /** Forgets a value; one that is just being computed stays. */
  public void forget(K key) {
    values.computeIfPresent(key, (same, value) -> value.isDone() ? null : value);
  }

  /** Forgets a value, unless it was computed anew since. */
  public void forget(K key, V old) {
    values.computeIfPresent(
        key,
        (same, value) ->
            value.isDone() && !value.isCompletedExceptionally() && value.join() == old
                ? null
                : value);
  }

  /** All values that are known now. */
  public List<V> values() {
    return values.values().stream()
        .filter(value -> value.isDone() && !value.isCompletedExceptionally())
        .map(CompletableFuture::join)
        .toList();
  }

  private V await(CompletableFuture<V> value) {
    try {
      return value.get();
    } catch (InterruptedException e) {
      throw ImageSpecException.interrupted(e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof RuntimeException failure) {
        throw failure;
      }
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw new IllegalStateException(e.getCause());
    }
  }
}
