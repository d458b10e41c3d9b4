package dev.imagespec.runtime.target;

import dev.imagespec.model.Repository;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.registry.ecr.EcrRepositories;
import dev.imagespec.runtime.registry.ecr.WantedRepository;
import dev.imagespec.runtime.work.Workers;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;

/**
 * Creates missing repositories of Amazon ECR, reports how the others differ from what was asked
 * for, and sets the requested policies.
 */
final class EcrPreparation {
  private static final Comparator<Repository> ORDER = Comparator.comparing(Repository::toString);

  private final EcrRepositories repositories;
  private final RepositoryDefaults defaults;
  private final PreparationListener listener;

  EcrPreparation(
      EcrRepositories repositories, RepositoryDefaults defaults, PreparationListener listener) {
    this.repositories = repositories;
    this.defaults = defaults;
    this.listener = listener;
  }

  void prepare(List<Wish> wishes) {
    Map<Repository, WantedRepository> existing = Collections.synchronizedMap(new TreeMap<>(ORDER));
    each(
        wishes,
        wish -> {
          WantedRepository wanted = defaults.wanted(wish.asked());
          if (wish.exists()) {
            existing.put(wish.repository(), wanted);
          } else {
            attempt(wish.repository(), () -> create(wish.repository(), wanted, existing));
          }
        });
    compare(existing);
    each(
        List.copyOf(existing.entrySet()),
        entry -> attempt(entry.getKey(), () -> apply(entry.getKey(), entry.getValue(), false)));
  }

  /** Does something for each at the same time: each needs some answers, one after the other. */
  private static <T> void each(List<T> items, Consumer<T> work) {
    List<Boolean> unused =
        Workers.atOnce(
            items,
            Target.MOST_QUESTIONS,
            item -> {
              work.accept(item);
              return true;
            });
  }

  private void create(
      Repository repository, WantedRepository wanted, Map<Repository, WantedRepository> existing) {
    switch (defaults.creation()) {
      case CREATE -> {
        if (repositories.create(repository, wanted)) {
          listener.created(repository);
          apply(repository, wanted, true);
        } else {
          // Another registration was faster, so the repository may already have blobs.
          existing.put(repository, wanted);
        }
      }
      case TEMPLATE -> listener.awaited(repository);
      case NEVER -> throw Missing.notCreated(repository, repositories.creation(repository, wanted));
    }
  }

  private void compare(Map<Repository, WantedRepository> existing) {
    try {
      repositories
          .differences(existing)
          .forEach(
              (repository, differences) ->
                  differences.forEach(difference -> listener.warned(repository, difference)));
    } catch (ImageSpecException e) {
      // Images can still be pushed: a difference would only have been a warning.
      existing.keySet().stream()
          .findFirst()
          .ifPresent(
              repository ->
                  listener.warned(repository, "was not compared with its spec: " + e.getMessage()));
    }
  }

  private void apply(Repository repository, WantedRepository wanted, boolean isNew) {
    if (!wanted.pullPrincipals().isEmpty()) {
      repositories
          .allowPull(repository, wanted.pullPrincipals(), isNew)
          .ifPresent(change -> listener.changed(repository, change));
    }
    if (isNew && wanted.expireAfterDays() == 0) {
      return;
    }
    EcrRepositories.Lifecycle lifecycle;
    try {
      lifecycle = repositories.expire(repository, wanted.expireAfterDays(), isNew);
    } catch (ImageSpecException e) {
      if (wanted.expireAfterDays() > 0) {
        throw e;
      }
      listener.warned(repository, "its lifecycle policy was not looked at: " + e.getMessage());
      return;
    }
    lifecycle.changed().ifPresent(change -> listener.changed(repository, change));
    lifecycle
        .dangers()
        .forEach(
            danger ->
                listener.warned(
                    repository,
                    "its lifecycle policy's "
                        + danger
                        + ": a registered image can vanish while tasks still run in it. Narrow the"
                        + " rule to other tags"));
  }

  private void attempt(Repository repository, Runnable work) {
    try {
      work.run();
    } catch (ImageSpecException e) {
      listener.failed(repository, e);
    }
  }
}
