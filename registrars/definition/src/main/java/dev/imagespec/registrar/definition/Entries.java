package dev.imagespec.registrar.definition;

import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.Plan;
import dev.imagespec.runtime.Registration;
import dev.imagespec.runtime.TaskRegistrar.Planned;
import dev.imagespec.runtime.TaskRegistrar.Result;
import dev.imagespec.runtime.work.Workers;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * Plans and registers entries, several at once. The failure of one does not stop the others. An
 * entry one of whose tasks has no image is left as it is.
 */
public final class Entries {
  private final List<Entry> entries;
  private final int parallelism;

  /**
   * Entries.
   *
   * @param parallelism how many are processed at once, at most
   */
  public Entries(List<? extends Entry> entries, int parallelism) {
    this.entries = List.copyOf(entries);
    this.parallelism = parallelism;
  }

  /** What a registration would do. */
  public List<Planned> plan(Plan plan) {
    KnownImages images = KnownImages.of(plan);
    return each(entry -> plan(entry, images));
  }

  private static List<Planned> plan(Entry entry, KnownImages images) {
    Attempted attempted = attempt(entry, images, Entry::compare);
    return entry.tasks().stream()
        .<Planned>map(
            task ->
                attempted.outcome().isPresent()
                    ? new Planned.Known(
                        entry.definition(),
                        task,
                        attempted.outcome().get().action(),
                        attempted.outcome().get().changes())
                    : new Planned.Failed(entry.definition(), task, attempted.problem()))
        .toList();
  }

  /** Registers what is not there yet. */
  public List<Result> register(Registration registration) {
    KnownImages images = KnownImages.of(registration);
    return each(entry -> register(entry, images));
  }

  private static List<Result> register(Entry entry, KnownImages images) {
    Attempted attempted = attempt(entry, images, Entry::register);
    return entry.tasks().stream()
        .<Result>map(
            task ->
                attempted.outcome().isPresent()
                    ? new Result.Registered(
                        entry.definition(),
                        task,
                        images.reference(task),
                        attempted.outcome().get().id(),
                        attempted.outcome().get().action())
                    : new Result.Failed(task, named(entry, task) + attempted.problem()))
        .toList();
  }

  /** Which definition failed; a class that defines itself is named by its task. */
  private static String named(Entry entry, String task) {
    return entry.definition().equals(task) ? "" : entry.definition() + ": ";
  }

  private <R> List<R> each(Function<Entry, List<R>> work) {
    if (entries.isEmpty()) {
      return List.of();
    }
    try (Workers workers = new Workers(Math.min(parallelism, entries.size()))) {
      return workers.map(entries, work).stream().flatMap(Collection::stream).toList();
    }
  }

  /**
   * What came of an entry.
   *
   * @param problem why there is no outcome
   */
  private record Attempted(Optional<Outcome> outcome, String problem) {}

  private interface Step {
    Outcome of(Entry entry, Images images) throws InterruptedException;
  }

  /** An exception that is a bug is only this entry's failure, too. */
  private static Attempted attempt(Entry entry, KnownImages images, Step step) {
    Optional<String> missing = entry.tasks().stream().filter(task -> !images.has(task)).findFirst();
    if (missing.isPresent()) {
      return new Attempted(
          Optional.empty(),
          "left as it is, because " + missing.get() + " has no image; its own failure says why.");
    }
    try {
      return new Attempted(Optional.of(step.of(entry, images)), "");
    } catch (InterruptedException e) {
      throw ImageSpecException.interrupted(e);
    } catch (ImageSpecException e) {
      return new Attempted(Optional.empty(), String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      return new Attempted(
          Optional.empty(), "this is a bug in imagespec, please report it: " + e + ".");
    }
  }
}
