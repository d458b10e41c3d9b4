package dev.imagespec.model;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The chain of tasks that an image is based on through {@code baseSpec}.
 *
 * @param tasks the task itself, its base, the base's base and so on. If the chain is circular, the
 *     last task occurs earlier in the list too
 * @param isCircular whether an image in the chain is based on itself
 */
public record BaseChain<T>(List<T> tasks, boolean isCircular) {
  public BaseChain {
    tasks = List.copyOf(tasks);
  }

  /**
   * Follows the chain of bases of a task.
   *
   * @param baseOf gives the base of a task, or empty at the end of the chain
   */
  public static <T> BaseChain<T> of(T task, Function<T, Optional<T>> baseOf) {
    Set<T> way = new LinkedHashSet<>();
    Optional<T> at = Optional.of(task);
    while (at.isPresent() && way.add(at.get())) {
      at = baseOf.apply(at.get());
    }
    List<T> tasks = new ArrayList<>(way);
    at.ifPresent(tasks::add);
    return new BaseChain<>(tasks, at.isPresent());
  }

  /** The task at the end of the chain. */
  public T last() {
    return tasks.get(tasks.size() - 1);
  }

  /** Whether the first task is part of the circle, rather than only based on a task that is. */
  public boolean isCircleOfFirst() {
    return isCircular && last().equals(tasks.get(0));
  }
}
