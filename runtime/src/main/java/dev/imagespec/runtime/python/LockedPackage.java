package dev.imagespec.runtime.python;

import dev.imagespec.model.PythonMarker;
import java.util.List;

/**
 * A package of a lock, without those of other systems than Linux.
 *
 * @param name its name as indexes compare it
 * @param version its version; empty for an archive
 * @param marker where it is installed
 * @param requiresPython the versions of Python that it is for
 * @param index the URL of its index; empty for the usual one
 * @param files its wheels, and its source distribution if it has one; or the archive alone
 * @param archive the URL of an archive, which is installed from there; else empty
 */
record LockedPackage(
    String name,
    String version,
    PythonMarker marker,
    List<String> requiresPython,
    String index,
    List<LockedFile> files,
    String archive) {
  LockedPackage {
    requiresPython = List.copyOf(requiresPython);
    files = List.copyOf(files);
  }

  /** Whether it is surely installed into a Python. */
  boolean surelyApplies(PythonTarget target) {
    return marker.holds(target.variables()).orElse(false);
  }

  /** Whether its own words allow a Python. */
  boolean admits(PythonTarget target) {
    return target.isAmong(requiresPython);
  }

  /** Whether a Python could take one of its wheels. */
  boolean hasWheel(PythonTarget target) {
    return files.stream().anyMatch(file -> file.isWheel() && file.fits(target));
  }

  /** Whether it has a source distribution. */
  boolean hasSource() {
    return files.stream().anyMatch(file -> !file.isWheel());
  }

  /** Whether every Python 3 takes one of its wheels. */
  boolean hasUniversalWheel() {
    return files.stream()
        .anyMatch(file -> file.isWheel() && WheelName.parse(file.name()).isUniversal());
  }

  /** For messages: {@code six 1.16.0}. */
  @Override
  public String toString() {
    return version.isEmpty() ? name : name + " " + version;
  }
}
