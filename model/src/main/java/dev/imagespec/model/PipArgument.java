package dev.imagespec.model;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** An option of {@code pip install} or {@code uv pip install}: an element of {@code pipArgs}. */
public final class PipArgument {
  private static final Pattern LONG =
      Pattern.compile("--[A-Za-z][A-Za-z0-9-]*(?:=.*)?", Pattern.DOTALL);
  private static final Pattern SHORT = Pattern.compile("-[A-Za-z]+");

  private static final String ELSEWHERE =
      "installs into another place than the Python of the image; do that with commands";
  private static final String NOTHING = "installs nothing; remove it";
  private static final String LOCKED =
      "is given where requirements names a lock, or a file with hashes";

  /** Short options, which pip and uv have, by their long names. */
  private static final Map<String, String> SHORT_NAMES =
      Map.of(
          "-i", "--index-url",
          "-f", "--find-links",
          "-r", "--requirement",
          "-c", "--constraint",
          "-e", "--editable",
          "-t", "--target",
          "-p", "--python",
          "-h", "--help",
          "-V", "--version");

  /** Short options that need no value. All others of one letter do. */
  private static final Set<Character> SHORT_FLAGS = Set.of('U', 'q', 'v', 'n', 'I');

  private static final Map<String, String> REFUSED =
      Map.ofEntries(
          Map.entry("--index-url", attribute("pipIndex")),
          Map.entry("--default-index", attribute("pipIndex")),
          Map.entry("--pypi-url", attribute("pipIndex")),
          Map.entry("--index", attribute("pipExtraIndexUrls")),
          Map.entry("--extra-index-url", attribute("pipExtraIndexUrls")),
          Map.entry("--find-links", attribute("pipFindLinks")),
          Map.entry("--pre", attribute("pipPre")),
          Map.entry("--prerelease", attribute("pipPre")),
          Map.entry("--no-build-isolation", attribute("pipNoBuildIsolation")),
          Map.entry("--requirement", attribute("requirements")),
          Map.entry("--requirements", attribute("requirements")),
          Map.entry("--constraint", "names a file; write a line -c into the requirements file"),
          Map.entry("--constraints", "names a file; write a line -c into the requirements file"),
          Map.entry("--editable", "has no place in an image; name the package itself"),
          Map.entry("--group", "names a file; export it as a requirements file or pylock.toml"),
          Map.entry("--target", ELSEWHERE),
          Map.entry("--prefix", ELSEWHERE),
          Map.entry("--root", ELSEWHERE),
          Map.entry("--user", ELSEWHERE),
          Map.entry("--python", ELSEWHERE),
          Map.entry("--system", ELSEWHERE),
          Map.entry("--require-hashes", LOCKED),
          Map.entry(
              "--no-verify-hashes", "would install other files than the locked ones; remove it"),
          Map.entry("--break-system-packages", "is given anyway; remove it"),
          Map.entry("--dry-run", NOTHING),
          Map.entry("--help", NOTHING),
          Map.entry("--version", NOTHING));

  private PipArgument() {}

  private static String attribute(String name) {
    return "has an attribute of its own; set " + name;
  }

  /** What is wrong with an element, with the next step; empty if it is an option that pip gets. */
  public static Optional<String> mistake(String text) {
    if (!LONG.matcher(text).matches() && !SHORT.matcher(text).matches()) {
      return Optional.of(noOption(text));
    }
    int sign = text.indexOf('=');
    String written = sign < 0 ? text : text.substring(0, sign);
    boolean isShort = !written.startsWith("--");
    String first = isShort ? written.substring(0, 2) : written;
    String name = SHORT_NAMES.getOrDefault(first, first);
    String refused = REFUSED.get(name);
    if (refused != null) {
      return Optional.of(first + " " + refused);
    }
    if (isShort
        && !written.substring(1).chars().allMatch(letter -> SHORT_FLAGS.contains((char) letter))) {
      return Optional.of(
          "write the long name of "
              + first
              + ", with its value after an equals sign: --name=value");
    }
    return Optional.empty();
  }

  private static String noOption(String text) {
    String[] words = text.strip().split("\\s+", 2);
    if (words.length == 2 && LONG.matcher(words[0]).matches()) {
      return words[0].contains("=")
          ? "each text is one option; is \"" + words[1] + "\" another one?"
          : "an option and its value are one text; write \"" + words[0] + "=" + words[1] + "\"";
    }
    return "this is no option: an option starts with --, and has its value after an equals sign, as in"
        + " --timeout=60; packages go into packages";
  }
}
