package dev.imagespec.runtime.publish;

import dev.imagespec.model.Manifest;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.RegistrationEvent;
import dev.imagespec.runtime.RegistrationListener;
import dev.imagespec.runtime.RepositoryCreation;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.plan.PlannedImage;
import dev.imagespec.runtime.registry.ecr.EcrRegistries;
import dev.imagespec.runtime.registry.ecr.EcrRepositories;
import dev.imagespec.runtime.registry.ecr.WantedRepository;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * Has the repositories of Amazon ECR there, as their specs and the settings want them: each once,
 * before anything is pushed to it. Other registries make their repositories by themselves.
 */
public final class Repositories {
  private final EcrRegistries registries;
  private final EcrRepositories repositories;
  private final Settings settings;
  private final RegistrationListener listener;

  private final Set<Repository> prepared = new HashSet<>();
  private final Set<Repository> created = new HashSet<>();

  /** Those that a template has to make when they are pushed to. */
  private final Map<Repository, WantedRepository> awaited = new LinkedHashMap<>();

  private final Map<Repository, ImageSpecException> failures = new HashMap<>();

  public Repositories(EcrRegistries ecr, Settings settings, RegistrationListener listener) {
    this.registries = ecr;
    this.repositories = ecr.repositories();
    this.settings = settings;
    this.listener = listener;
  }

  /** Whether an image's repository is looked at even if nothing is pushed to it. */
  public boolean isAskedFor(PlannedImage image) {
    return registries.serves(image.repository().registry()) && wanted(image).asksForMore();
  }

  /** Prepares the repositories of these images that have not been yet. */
  public void prepare(Collection<PlannedImage> images) {
    Map<Repository, WantedRepository> existing = new LinkedHashMap<>();
    for (PlannedImage image : images) {
      Repository repository = image.repository();
      boolean isEcr =
          registries.serves(repository.registry()) || registries.isPublic(repository.registry());
      if (!isEcr || !prepared.add(repository)) {
        continue;
      }
      WantedRepository wanted = wanted(image);
      if (registries.isPublic(repository.registry()) && !wanted.mutableTags()) {
        note(
            repository,
            "Amazon ECR Public has no immutable tags: whoever may push can move this one");
      }
      if (image.repositoryExists()) {
        existing.put(repository, wanted);
      } else {
        attempt(
            repository,
            () -> {
              if (make(repository, wanted)) {
                apply(repository, wanted, true);
              } else if (!awaited.containsKey(repository)) {
                existing.put(repository, wanted);
              }
            });
      }
    }
    check(existing);
  }

  /** Gives repositories that a template has made what their specs ask for. */
  void complete() {
    Map<Repository, WantedRepository> made = new LinkedHashMap<>(awaited);
    awaited.clear();
    made.keySet().removeIf(failures::containsKey);
    check(made);
  }

  /** Whether a repository was made in this registration, and so holds no blob. */
  boolean isNew(Repository repository) {
    return created.contains(repository);
  }

  /** Takes note that somebody else pushed to a repository: it may hold blobs. */
  public void filled(Repository repository) {
    created.remove(repository);
  }

  /** Why nothing can be pushed to a repository; empty if something can. */
  public Optional<ImageSpecException> failure(Repository repository) {
    return Optional.ofNullable(failures.get(repository));
  }

  /** What to say of a repository that is not there, now that it was pushed to. */
  ImageSpecException explained(Repository repository, ImageSpecException failure) {
    if (failure.code() != FailureCode.REPOSITORY_NOT_FOUND
        || settings.createRepository() != RepositoryCreation.TEMPLATE) {
      return failure;
    }
    return new ImageSpecException(
        FailureCode.REPOSITORY_NOT_FOUND,
        "No repository creation template has made "
            + repository
            + " when it was pushed to. Create a template for its prefix that is applied for"
            + " CREATE_ON_PUSH (`aws ecr create-repository-creation-template`), or set"
            + " imagespec.create-repository to create.",
        failure);
  }

  private boolean make(Repository repository, WantedRepository wanted) {
    switch (settings.createRepository()) {
      case CREATE -> {
        // If another registration was faster, it may hold blobs already: then it is asked for each.
        if (!repositories.create(repository, wanted)) {
          return false;
        }
        created.add(repository);
        listener.on(new RegistrationEvent.RepositoryCreated(repository));
        return true;
      }
      case TEMPLATE -> {
        created.add(repository);
        awaited.put(repository, wanted);
        return false;
      }
      default ->
          throw new ImageSpecException(
              FailureCode.REPOSITORY_NOT_FOUND,
              "The repository "
                  + repository
                  + " does not exist, and imagespec.create-repository is never. Create it: "
                  + repositories.creation(repository, wanted));
    }
  }

  /** Says how repositories differ from what is wanted, and gives them what is asked for. */
  private void check(Map<Repository, WantedRepository> existing) {
    try {
      repositories
          .differences(existing)
          .forEach(
              (repository, differences) ->
                  differences.forEach(difference -> warn(repository, difference)));
    } catch (ImageSpecException e) {
      // Images can be pushed all the same; what would have been a warning is one.
      existing.keySet().stream()
          .findFirst()
          .ifPresent(
              repository -> warn(repository, "was not compared with its spec: " + e.getMessage()));
    }
    existing.forEach(
        (repository, wanted) -> attempt(repository, () -> apply(repository, wanted, false)));
  }

  private void apply(Repository repository, WantedRepository wanted, boolean isNew) {
    if (!registries.serves(repository.registry())) {
      return;
    }
    if (!wanted.pullPrincipals().isEmpty()) {
      repositories
          .allowPull(repository, wanted.pullPrincipals(), isNew)
          .ifPresent(change -> changed(repository, change));
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
      warn(repository, "its lifecycle policy was not looked at: " + e.getMessage());
      return;
    }
    lifecycle.changed().ifPresent(change -> changed(repository, change));
    lifecycle
        .dangers()
        .forEach(
            danger ->
                warn(
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
      failures.put(repository, e);
    }
  }

  private WantedRepository wanted(PlannedImage image) {
    Manifest.Repository asked = image.spec().draft().manifest().repository();
    Set<String> principals = new TreeSet<>(asked.pullPrincipals());
    principals.addAll(settings.pullPrincipals());
    return new WantedRepository(
        asked.mutableTags(),
        settings.ecrMutableTagFilters(),
        asked.scanOnPush(),
        asked.kmsKey(),
        new ArrayList<>(principals),
        asked.expireAfterDays());
  }

  private void note(Repository repository, String message) {
    listener.on(new RegistrationEvent.Note(repository.toString(), message));
  }

  private void warn(Repository repository, String message) {
    listener.on(new RegistrationEvent.Warning(repository.toString(), message));
  }

  private void changed(Repository repository, String change) {
    listener.on(new RegistrationEvent.RepositoryChanged(repository, change));
  }
}
