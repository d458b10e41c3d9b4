package dev.imagespec.runtime.python;

import dev.imagespec.model.PythonMarker;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A lock of Python packages (PEP 751, {@code pylock.toml}), without what it has for other systems
 * than Linux.
 *
 * @param requiresPython the versions of Python that it is for
 * @param environments the environments that it is for; empty if it is for all
 * @param packages the packages
 */
public record PythonLock(
    List<String> requiresPython, List<PythonMarker> environments, List<LockedPackage> packages) {
  /** No lock. */
  public static final PythonLock NONE = new PythonLock(List.of(), List.of(), List.of());

  public PythonLock {
    requiresPython = List.copyOf(requiresPython);
    environments = List.copyOf(environments);
    packages = List.copyOf(packages);
  }

  /** Whether there is no lock. */
  public boolean isEmpty() {
    return packages.isEmpty();
  }

  /**
   * What keeps it from being installed, one sentence each.
   *
   * @param targets the Pythons that it is installed into
   * @param builds whether source distributions are built with what is installed
   */
  public List<String> problems(Collection<PythonTarget> targets, boolean builds) {
    List<String> problems = new ArrayList<>();
    targets.forEach(target -> problems.addAll(problems(target, builds)));
    return List.copyOf(problems);
  }

  private List<String> problems(PythonTarget target, boolean builds) {
    if (!target.isAmong(requiresPython)) {
      return List.of(
          "it is for Python "
              + String.join(",", requiresPython)
              + ", and the base image for "
              + target.platform()
              + " has Python "
              + target.version()
              + "; use another base image, or lock for this Python");
    }
    boolean isElsewhere =
        !environments.isEmpty()
            && environments.stream()
                .noneMatch(marker -> marker.holds(target.variables()).orElse(true));
    if (isElsewhere) {
      return List.of("none of its environments is " + target + "; lock for this environment, too");
    }
    List<String> problems = new ArrayList<>();
    Map<String, LockedPackage> seen = new HashMap<>();
    for (LockedPackage one : packages) {
      if (one.surelyApplies(target)) {
        problem(one, target, builds, problems);
        LockedPackage other = seen.putIfAbsent(one.name(), one);
        if (other != null) {
          problems.add(
              one.name()
                  + " is locked twice for "
                  + target
                  + ", as "
                  + other
                  + " and as "
                  + one
                  + "; lock again");
        }
      }
    }
    return problems;
  }

  private static void problem(
      LockedPackage one, PythonTarget target, boolean builds, List<String> problems) {
    if (!one.admits(target)) {
      problems.add(
          one
              + " is for Python "
              + String.join(",", one.requiresPython())
              + ", and the base image for "
              + target.platform()
              + " has Python "
              + target.version()
              + "; use another base image, or lock for this Python");
    } else if (!one.hasWheel(target) && !(builds && one.hasSource())) {
      problems.add(
          one
              + " has no wheel for "
              + target
              + (one.hasSource()
                  ? ", and what builds its source distribution is not locked. Lock the build tools"
                      + " (setuptools or others), too, or put them into the base image, and set"
                      + " pipNoBuildIsolation = true; or lock a version with a wheel"
                  : "; remove the platform, or lock a version that has one"));
    }
  }
}
