package dev.imagespec.runtime.publish;

import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.RegistrationEvent;
import dev.imagespec.runtime.RegistrationListener;
import dev.imagespec.runtime.memory.MachineMemory;
import dev.imagespec.runtime.plan.PlannedImage;
import dev.imagespec.runtime.target.PreparationListener;
import dev.imagespec.runtime.target.Targets;
import dev.imagespec.runtime.target.Wish;
import dev.imagespec.runtime.work.Attempt;
import dev.imagespec.runtime.work.Subject;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Prepares the repositories of a registration, each once and before anything is pushed to it, and
 * remembers the results. One thread prepares at a time; others may ask meanwhile.
 */
public final class PreparedRepositories {
  private final Targets targets;
  private final MachineMemory memory;
  private final RegistrationListener listener;

  private final Map<Repository, Wish> prepared = new LinkedHashMap<>();
  private final Set<Repository> empty = ConcurrentHashMap.newKeySet();

  /** Repositories that the registry creates on their first push. */
  private final Set<Repository> awaited = ConcurrentHashMap.newKeySet();

  private final Map<Repository, ImageSpecException> failures = new ConcurrentHashMap<>();

  /** Those of which the user was told something. */
  private final Set<Repository> noticed = ConcurrentHashMap.newKeySet();

  /**
   * Repositories of which none is prepared yet.
   *
   * @param memory knows which were found as they should be
   */
  public PreparedRepositories(
      Targets targets, MachineMemory memory, RegistrationListener listener) {
    this.targets = targets;
    this.memory = memory;
    this.listener = listener;
  }

  /** Whether an image's repository must be prepared even if nothing is pushed to it. */
  public boolean isAskedFor(PlannedImage image) {
    return targets.of(image.repository().registry()).changesExisting(wish(image).asked());
  }

  /** Prepares those repositories of these images that are not prepared yet. */
  public void prepare(Collection<PlannedImage> images) {
    List<Wish> wishes = new ArrayList<>();
    for (PlannedImage image : images) {
      Wish wish = wish(image);
      if (prepared.putIfAbsent(wish.repository(), wish) == null && !isAsAsked(wish)) {
        wishes.add(wish);
      }
    }
    prepare(wishes);
    wishes.stream()
        .filter(wish -> !noticed.contains(wish.repository()))
        .forEach(wish -> memory.isNowAsAsked(wish.repository(), wish.asked().toString()));
  }

  /** Whether there is nothing to do for a repository, and was nothing to tell of it today. */
  private boolean isAsAsked(Wish wish) {
    return wish.exists()
        && memory.isAsAsked(wish.repository(), wish.asked().toString())
        && !targets.of(wish.repository().registry()).changesExisting(wish.asked());
  }

  /** Prepares repositories that the registry has created by now. */
  void complete() {
    List<Wish> wishes =
        prepared.values().stream()
            .filter(wish -> awaited.contains(wish.repository()))
            .filter(wish -> !failures.containsKey(wish.repository()))
            .map(Wish::existing)
            .toList();
    awaited.clear();
    prepare(wishes);
  }

  private void prepare(List<Wish> wishes) {
    Map<Registry, List<Wish>> byRegistry = new LinkedHashMap<>();
    wishes.forEach(
        wish ->
            byRegistry
                .computeIfAbsent(wish.repository().registry(), key -> new ArrayList<>())
                .add(wish));
    Steps steps = new Steps();
    for (Map.Entry<Registry, List<Wish>> entry : byRegistry.entrySet()) {
      List<Wish> its = entry.getValue();
      Attempt<Boolean> attempt =
          Attempt.at(
              new Subject(List.of(), its.get(0).repository()),
              () -> {
                targets.of(entry.getKey()).prepare(its, steps);
                return true;
              });
      if (attempt instanceof Attempt.Failed<Boolean> failed) {
        its.forEach(
            wish -> {
              noticed.add(wish.repository());
              failures.putIfAbsent(wish.repository(), failed.cause());
            });
      }
    }
  }

  private static Wish wish(PlannedImage image) {
    return new Wish(
        image.repository(), image.spec().draft().manifest().repository(), image.repositoryExists());
  }

  /** Whether this registration created a repository, so that it has no blobs. */
  boolean isNew(Repository repository) {
    return empty.contains(repository);
  }

  /** Records that something else pushed to a repository, so that it may have blobs. */
  public void filled(Repository repository) {
    empty.remove(repository);
  }

  /**
   * Checks that images can be pushed to a repository.
   *
   * @throws ImageSpecException why they cannot
   */
  public void require(Repository repository) {
    ImageSpecException cause = failures.get(repository);
    if (cause != null) {
      throw cause;
    }
  }

  /** The failure of a push, with the next step if its repository was never created. */
  ImageSpecException explained(Repository repository, ImageSpecException failure) {
    return targets.of(repository.registry()).explained(repository, failure);
  }

  /** Remembers what happens, and reports it to the registration's listener. */
  private final class Steps implements PreparationListener {
    @Override
    public void created(Repository repository) {
      empty.add(repository);
      listener.on(new RegistrationEvent.RepositoryCreated(repository));
    }

    @Override
    public void awaited(Repository repository) {
      noticed.add(repository);
      empty.add(repository);
      awaited.add(repository);
    }

    @Override
    public void changed(Repository repository, String change) {
      listener.on(new RegistrationEvent.RepositoryChanged(repository, change));
    }

    @Override
    public void warned(Repository repository, String warning) {
      noticed.add(repository);
      listener.on(new RegistrationEvent.Warning(repository.toString(), warning));
    }

    @Override
    public void noted(Repository repository, String note) {
      noticed.add(repository);
      listener.on(new RegistrationEvent.Note(repository.toString(), note));
    }

    @Override
    public void failed(Repository repository, ImageSpecException cause) {
      noticed.add(repository);
      failures.put(repository, cause);
    }
  }
}
