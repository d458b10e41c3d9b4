package dev.imagespec.runtime.python;

import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name of a wheel (binary distribution format): which Pythons and platforms it is for.
 *
 * @param pythons tags such as {@code py3}, {@code cp312}
 * @param abis tags such as {@code none}, {@code cp312}
 * @param platforms tags such as {@code any}, {@code manylinux_2_17_x86_64}
 */
record WheelName(Set<String> pythons, Set<String> abis, Set<String> platforms) {
  private static final Pattern FORM =
      Pattern.compile(
          "[A-Za-z0-9][A-Za-z0-9._]*-[A-Za-z0-9.!+_]+(?:-[0-9][A-Za-z0-9_.]*)?"
              + "-([A-Za-z0-9_.]+)-([A-Za-z0-9_.]+)-([A-Za-z0-9_.]+)\\.whl");

  private static final Pattern LINUX =
      Pattern.compile(
          "(?:linux|manylinux1|manylinux2010|manylinux2014|manylinux_[0-9]+_[0-9]+"
              + "|musllinux_[0-9]+_[0-9]+)_([a-z0-9_]+)");

  private static final Pattern VERSIONED = Pattern.compile("(py|cp)3([0-9]{1,4})");

  WheelName {
    pythons = Set.copyOf(pythons);
    abis = Set.copyOf(abis);
    platforms = Set.copyOf(platforms);
  }

  /**
   * Reads a file's name.
   *
   * @throws IllegalArgumentException if it is no wheel's name
   */
  static WheelName parse(String file) {
    Matcher name = FORM.matcher(file);
    if (!name.matches()) {
      throw new IllegalArgumentException("is no wheel's name: name-1.0-py3-none-any.whl");
    }
    return new WheelName(tags(name.group(1)), tags(name.group(2)), tags(name.group(3)));
  }

  private static Set<String> tags(String compressed) {
    return Set.copyOf(List.of(compressed.split("\\.", -1)));
  }

  /** Whether every Python 3 takes it, on every platform. */
  boolean isUniversal() {
    return platforms.contains("any") && abis.contains("none") && pythons.contains("py3");
  }

  /** Whether some Python 3 on Linux takes it. */
  boolean isForLinux() {
    return platforms.stream().anyMatch(tag -> tag.equals("any") || LINUX.matcher(tag).matches())
        && pythons.stream().anyMatch(tag -> !tag.matches("(?:py|cp|pp|jy|ip)2[0-9]*"));
  }

  /** Whether the Python takes it; if its version is not known, whether some Python does. */
  boolean fits(PythonTarget target) {
    return isForLinux() && platforms.stream().anyMatch(tag -> fits(tag, target));
  }

  private boolean fits(String platform, PythonTarget target) {
    Matcher linux = LINUX.matcher(platform);
    boolean isAny = platform.equals("any");
    if (!isAny && !(linux.matches() && target.machines().contains(linux.group(1)))) {
      return false;
    }
    // What needs an ABI needs a platform.
    return !target.isKnown()
        || pythons.stream()
            .anyMatch(
                python ->
                    abis.stream()
                        .filter(abi -> !isAny || abi.equals("none"))
                        .anyMatch(abi -> takes(target.minor(), python, abi)));
  }

  /** Whether CPython 3.{@code minor} takes a pair of tags. */
  private static boolean takes(int minor, String python, String abi) {
    if (python.equals("py3")) {
      return abi.equals("none");
    }
    Matcher versioned = VERSIONED.matcher(python);
    if (!versioned.matches()) {
      return false;
    }
    int wanted = Integer.parseInt(versioned.group(2));
    if (versioned.group(1).equals("py")) {
      return abi.equals("none") && wanted <= minor;
    }
    if (abi.equals("abi3")) {
      return wanted <= minor;
    }
    // cp37m, and so on until 3.7; cp313t is for a Python without the lock, which is another one.
    return wanted == minor
        && (abi.equals("none") || List.of(python, python + "m", python + "mu").contains(abi));
  }
}
