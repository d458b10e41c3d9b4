package dev.imagespec.runtime.python;

/**
 * A file of a locked package.
 *
 * @param name its name
 * @param url where it was found; empty if only its index is known
 * @param hash its digest as pip writes it: {@code sha256:…}
 */
record LockedFile(String name, String url, String hash) {
  /** Whether it is a wheel, which needs no build. */
  boolean isWheel() {
    return name.endsWith(".whl");
  }

  /** Whether a Python could take it. Whether a source distribution can be built, nobody knows. */
  boolean fits(PythonTarget target) {
    return !isWheel() || WheelName.parse(name).fits(target);
  }
}
