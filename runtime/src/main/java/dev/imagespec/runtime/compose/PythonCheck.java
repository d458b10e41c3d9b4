package dev.imagespec.runtime.compose;

import dev.imagespec.model.Platform;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.python.PythonLock;
import dev.imagespec.runtime.python.PythonTarget;
import dev.imagespec.runtime.resolve.Draft;
import dev.imagespec.runtime.resolve.ResolvedSpec;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks that a lock of Python packages is for the Python of the base. What Python a base has, its
 * variable {@code PYTHON_VERSION} says; many bases have one. Where it does not say, the step that
 * installs the lock finds out.
 */
final class PythonCheck {
  private final BaseImages bases;

  PythonCheck(BaseImages bases) {
    this.bases = bases;
  }

  /**
   * Checks an image. Asks no registry about an image without a lock.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_FILE} if the lock is not for the
   *     base's Python; the message has a line for each reason
   */
  void check(ResolvedSpec spec) {
    Draft draft = spec.draft();
    PythonLock lock = draft.lock();
    if (lock.isEmpty()) {
      return;
    }
    List<PythonTarget> targets = new ArrayList<>();
    for (Platform platform : spec.base().platforms()) {
      bases
          .get(spec.base(), platform)
          .config()
          .variable(PythonTarget.VARIABLE)
          .map(version -> PythonTarget.of(platform, version))
          .ifPresent(targets::add);
    }
    List<String> problems =
        lock.problems(targets, draft.manifest().environment().pip().noBuildIsolation());
    if (!problems.isEmpty()) {
      String file = draft.manifest().environment().requirements();
      throw new ImageSpecException(
          FailureCode.INVALID_FILE,
          String.join("\n", problems.stream().map(problem -> file + ": " + problem).toList()));
    }
  }
}
