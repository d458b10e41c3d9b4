package dev.imagespec.runtime.run;

import dev.imagespec.model.ImageReference;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.catalog.Catalog;
import dev.imagespec.runtime.resolve.LockFile;
import dev.imagespec.runtime.resolve.Resolver;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

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
   * @return the locked digest of each base, by the reference in its normal form
   * @throws ImageSpecException if a base cannot be resolved; the lock is then unchanged
   */
  public Map<String, String> lock(Catalog catalog) {
    LockFile lock = LockFile.read(settings.lock());
    List<ImageReference> references =
        catalog.tasks().stream().flatMap(task -> task.base().stream()).distinct().toList();
    new Resolver(settings, lock, session.registry()).refresh(references);
    lock.write();
    Map<String, String> digests = new LinkedHashMap<>();
    references.forEach(
        reference ->
            lock.get(reference)
                .ifPresent(base -> digests.put(reference.toString(), base.digest().toString())));
    return Collections.unmodifiableMap(digests);
  }
}
