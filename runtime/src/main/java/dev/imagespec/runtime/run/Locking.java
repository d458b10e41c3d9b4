package dev.imagespec.runtime.run;

import dev.imagespec.model.ImageReference;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.LockedBases;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.catalog.Catalog;
import dev.imagespec.runtime.resolve.LockFile;
import dev.imagespec.runtime.resolve.LockedBase;
import dev.imagespec.runtime.resolve.Recipe;
import dev.imagespec.runtime.resolve.Resolver;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Asks the registries what base images stand for now, and writes that into the lock. */
public final class Locking {
  private final Session session;
  private final Settings settings;

  public Locking(Session session, Settings settings) {
    this.session = session;
    this.settings = settings;
  }

  /**
   * Locks every base image of a catalog.
   *
   * @return what each base stands for now, and stood for before
   * @throws ImageSpecException if a base cannot be resolved, or a Dockerfile cannot be read; the
   *     lock is then unchanged
   */
  public LockedBases lock(Catalog catalog) {
    LockFile lock = LockFile.read(settings.lock());
    List<ImageReference> references =
        catalog.tasks().stream()
            .flatMap(task -> Recipe.references(task).stream())
            .distinct()
            .toList();
    Map<ImageReference, LockedBase> before = new HashMap<>();
    references.forEach(
        reference -> lock.get(reference).ifPresent(base -> before.put(reference, base)));
    new Resolver(settings, lock, session.registry()).refresh(references);
    boolean written = lock.write();
    List<LockedBases.Base> bases = new ArrayList<>();
    for (ImageReference reference : references) {
      lock.get(reference)
          .ifPresent(
              base -> bases.add(base(reference, base, Optional.ofNullable(before.get(reference)))));
    }
    Set<String> others = new TreeSet<>(lock.references());
    references.forEach(reference -> others.remove(reference.toString()));
    return new LockedBases(lock.file(), written, bases, List.copyOf(others));
  }

  private static LockedBases.Base base(
      ImageReference reference, LockedBase now, Optional<LockedBase> before) {
    return new LockedBases.Base(
        reference.toString(),
        now.digest().toString(),
        before.map(base -> base.digest().toString()).orElse(""),
        before.flatMap(LockedBase::day).map(LocalDate::toString).orElse(""));
  }
}
