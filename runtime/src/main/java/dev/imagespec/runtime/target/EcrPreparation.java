package dev.imagespec.runtime.target;

import dev.imagespec.model.Repository;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.registry.ecr.EcrRepositories;
import dev.imagespec.runtime.registry.ecr.WantedRepository;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Creates missing repositories of Amazon ECR, reports how the others differ from what was asked
 * for, and sets the requested policies.
 */
final class EcrPreparation {
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
    Map<Repository, WantedRepository> existing = new LinkedHashMap<>();
    for (Wish wish : wishes) {
      WantedRepository wanted = defaults.wanted(wish.asked());
      if (wish.exists()) {
        existing.put(wish.repository(), wanted);
      } else {
        attempt(wish.repository(), () -> create(wish.repository(), wanted, existing));
      }
    }
    compare(existing);
    existing.forEach(
        (repository, wanted) -> attempt(repository, () -> apply(repository, wanted, false)));
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
