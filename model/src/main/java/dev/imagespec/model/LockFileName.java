package dev.imagespec.model;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** What the name of a file of Python packages says about its format. */
public final class LockFileName {
  private static final Pattern PYLOCK = Pattern.compile("pylock\\.(?:[^.]+\\.)?toml");

  private static final String UV =
      "uv export --format pylock.toml --no-dev --no-emit-project -o pylock.toml";
  private static final String PIPENV =
      "pipenv requirements --hash > requirements.txt, and name requirements.txt";
  private static final String COMPILE = "uv pip compile --universal --format pylock.toml ";
  private static final String CONDA =
      ": pip installs no conda packages. Use a base image with them, or install them with commands; see"
          + " docs/environments.md, \"conda, micromamba and pixi\"";

  /** What to do instead, by the name of the file. */
  private static final Map<Pattern, String> OTHERS = others();

  private LockFileName() {}

  private static Map<Pattern, String> others() {
    Map<String, String> others = new LinkedHashMap<>();
    others.put("uv\\.lock", export("uv", UV));
    others.put(
        "poetry\\.lock",
        export(
            "Poetry",
            "poetry export -f requirements.txt -o requirements.txt (with poetry-plugin-export), and"
                + " name requirements.txt"));
    others.put("pipfile\\.lock", export("Pipenv", PIPENV));
    others.put("pdm\\.lock", export("PDM", "pdm export -f pylock --prod -o pylock.toml"));
    others.put("pipfile", " is not locked; run: pipenv lock && " + PIPENV);
    others.put(
        "pyproject\\.toml",
        " is not locked; run: " + UV + ", or: " + COMPILE + "pyproject.toml -o pylock.toml");
    others.put(
        "setup\\.(?:py|cfg)",
        " is a project, not a list of packages; run: " + COMPILE + "{name} -o pylock.toml");
    others.put("(?:.*[.-])?conda-lock\\.ya?ml", " is a lock of conda" + CONDA);
    others.put(
        "(?:.*[._-])?environment(?:[._-].*)?\\.ya?ml", " is an environment of conda" + CONDA);
    others.put("pixi\\.(?:lock|toml)", " is of pixi" + CONDA);
    Map<Pattern, String> compiled = new LinkedHashMap<>();
    others.forEach((name, what) -> compiled.put(Pattern.compile(name), what));
    return compiled;
  }

  private static String export(String tool, String command) {
    return " is in a format of " + tool + "'s own; run: " + command;
  }

  /** Whether a path names a lock of PEP 751: {@code pylock.toml} or {@code pylock.<name>.toml}. */
  public static boolean isPylock(String path) {
    return PYLOCK.matcher(name(path)).matches();
  }

  /** If a path names a file in a format that is not read here: what it is, and what to do. */
  public static Optional<String> advice(String path) {
    String name = name(path);
    if (name.isEmpty()) {
      return Optional.empty();
    }
    return OTHERS.entrySet().stream()
        .filter(other -> other.getKey().matcher(name.toLowerCase(Locale.ROOT)).matches())
        .findFirst()
        .map(other -> name + other.getValue().replace("{name}", name));
  }

  private static String name(String path) {
    return path.substring(path.lastIndexOf('/') + 1);
  }
}
