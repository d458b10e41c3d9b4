package dev.imagespec.runtime.python;

import dev.imagespec.model.Platform;
import dev.imagespec.model.PythonVersions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The Python that packages are installed into, as far as it is known.
 *
 * @param platform the image's platform
 * @param version its version, {@code 3.12} or {@code 3.12.7}; empty if it is not known
 */
public record PythonTarget(Platform platform, String version) {
  /** The variable in which images of Python say what Python they have. */
  public static final String VARIABLE = "PYTHON_VERSION";

  private static final Pattern VERSION =
      Pattern.compile("(3\\.[0-9]{1,4})((?:\\.[0-9]{1,6})?)(?:(?:a|b|rc)[0-9]{1,6})?");

  /** What {@code uname -m} says, which wheels name, too. */
  private static final Map<String, Set<String>> MACHINES =
      Map.of(
          "amd64", Set.of("x86_64"),
          "arm64", Set.of("aarch64"),
          "386", Set.of("i686", "i386"),
          "arm", Set.of("armv6l", "armv7l", "armv8l"),
          "loong64", Set.of("loongarch64"),
          "mips64le", Set.of("mips64", "mips64le"),
          "ppc64le", Set.of("ppc64le"),
          "riscv64", Set.of("riscv64"),
          "s390x", Set.of("s390x"));

  /** A 32-bit image may run on a 64-bit machine, which then says its own name. */
  private static final Set<String> CERTAIN =
      Set.of("amd64", "arm64", "loong64", "ppc64le", "riscv64", "s390x");

  /** A platform whose Python nobody knows. */
  public static PythonTarget of(Platform platform) {
    return new PythonTarget(platform, "");
  }

  /**
   * A platform with the Python that its base names.
   *
   * @param variable the value of {@link #VARIABLE}; a text that is no version of Python 3 says
   *     nothing
   */
  public static PythonTarget of(Platform platform, String variable) {
    Matcher version = VERSION.matcher(variable.strip());
    return new PythonTarget(platform, version.matches() ? version.group(1) + version.group(2) : "");
  }

  /** Whether the version is known. */
  public boolean isKnown() {
    return !version.isEmpty();
  }

  /** Whether the version satisfies version clauses; true if it is not known. */
  boolean isAmong(List<String> clauses) {
    if (!isKnown()) {
      return true;
    }
    List<String> all = new ArrayList<>(clauses);
    all.add("==" + version + (version.split("\\.", -1).length == 2 ? ".*" : ""));
    return !PythonVersions.of(all).isEmpty();
  }

  /** The names of its architecture in wheels. */
  Set<String> machines() {
    return MACHINES.getOrDefault(platform.architecture(), Set.of(platform.architecture()));
  }

  /** The second number of the version; -1 if it is not known. */
  int minor() {
    return isKnown() ? Integer.parseInt(version.split("\\.", -1)[1]) : -1;
  }

  /** The variables of markers that are known. Images that name their Python have CPython. */
  Map<String, String> variables() {
    Map<String, String> variables = new TreeMap<>();
    if (CERTAIN.contains(platform.architecture())) {
      variables.put("platform_machine", machines().iterator().next());
    }
    if (isKnown()) {
      String[] numbers = version.split("\\.", -1);
      variables.put("python_version", numbers[0] + "." + numbers[1]);
      variables.put("implementation_name", "cpython");
      variables.put("platform_python_implementation", "CPython");
      if (numbers.length > 2) {
        variables.put("python_full_version", version);
        variables.put("implementation_version", version);
      }
    }
    return variables;
  }

  /** For messages: {@code linux/arm64 with Python 3.12.7}. */
  @Override
  public String toString() {
    return platform + (isKnown() ? " with Python " + version : "");
  }
}
