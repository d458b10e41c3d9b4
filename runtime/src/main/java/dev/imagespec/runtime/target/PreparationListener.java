package dev.imagespec.runtime.target;

import dev.imagespec.model.Repository;
import dev.imagespec.runtime.ImageSpecException;

/** Receives what happens to repositories while they are prepared, from several threads. */
public interface PreparationListener {
  /** The repository was created, and is empty. */
  void created(Repository repository);

  /** The registry will create the repository on its first push. */
  void awaited(Repository repository);

  /**
   * The repository was changed.
   *
   * @param change what changed
   */
  void changed(Repository repository, String change);

  /** Something about the repository may not be as intended. */
  void warned(Repository repository, String warning);

  /** Something about the repository is worth knowing. */
  void noted(Repository repository, String note);

  /** The repository could not be prepared, so nothing can be pushed to it. */
  void failed(Repository repository, ImageSpecException cause);
}
