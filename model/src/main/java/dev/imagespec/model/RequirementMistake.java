package dev.imagespec.model;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says what is wrong with a text that is no Python requirement, and what was probably meant. */
final class RequirementMistake {
  private static final String PROJECT_FILE =
      " is a file of the project; the steps of an image read it where a copy puts it: add @Copy(from = …,"
          + " to = \"/opt/wheels/\", in = Copy.In.STEPS), and write its path there, /opt/wheels/<file>; or"
          + " write the package's name and version";

  private static final Pattern ARCHIVE =
      Pattern.compile(
          ".+\\.(?:whl|egg|zip|tar|tar\\.(?:gz|bz2|xz|lzma|Z)|tgz|tbz|txz|tlz)",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern LIST =
      Pattern.compile(".+\\.(?:txt|in|toml|cfg|lock|ya?ml)", Pattern.CASE_INSENSITIVE);
  private static final Pattern INSTALL =
      Pattern.compile(
          "(?:(?:python[0-9.]*|py)\\s+-m\\s+)?(?:uv\\s+)?(?:pip[0-9.]*|conda|mamba|poetry|pipx?env|uv)"
              + "\\s+(?:install|add)\\s+(.+)");
  private static final Pattern VERSION = Pattern.compile("v?[0-9][A-Za-z0-9.!+_-]*");
  private static final Pattern TURNED = Pattern.compile("=\\s*([<>~!])\\s*=?\\s*(.+)");
  private static final Pattern ONE_SIGN = Pattern.compile("(?:[=:@~^*]|@\\s)\\s*(v?[0-9].*)");
  private static final Pattern PATH = Pattern.compile("(?:\\.{1,2}(?:[/\\\\\\[].*)?|[/~\\\\].*)");

  private RequirementMistake() {}

  /** Whether a text that is no requirement names a file. */
  static boolean isFile(String text) {
    String all = text.strip();
    return ARCHIVE.matcher(all).matches()
        || LIST.matcher(all).matches()
        || PATH.matcher(all).matches();
  }

  /**
   * Refuses the name of a file, which has the form of a distribution's name.
   *
   * @param name what stands where a distribution's name does
   * @param rest what stands behind it
   */
  static void refuseFile(String name, String rest) {
    if (ARCHIVE.matcher(name).matches() && !rest.strip().startsWith("@")) {
      throw new IllegalArgumentException(name + PROJECT_FILE);
    }
    if (rest.isBlank() && LIST.matcher(name).matches()) {
      throw new IllegalArgumentException(
          name
              + " is a file, not a package: requirements = \""
              + name
              + "\" names a requirements file, and so does a line -r "
              + name
              + " in one");
    }
  }

  /**
   * What is wrong.
   *
   * @param text the whole text
   * @param name the distribution's name, or empty if there is none
   * @param rest the part from which on it is not understood, not empty
   */
  static String of(String text, String name, String rest) {
    String all = text.strip();
    Matcher install = INSTALL.matcher(all);
    if (install.matches()) {
      return "a requirement is no command; write \"" + install.group(1) + "\"";
    }
    if (all.matches("([\"']).+\\1")) {
      return "a requirement has no quotes around it; write " + all.substring(1, all.length() - 1);
    }
    if (name.isEmpty()) {
      return nameless(all);
    }
    String known = all.substring(0, Math.max(all.lastIndexOf(rest), 0)).strip();
    Matcher turned = TURNED.matcher(rest);
    if (turned.matches()) {
      return "the sign is "
          + turned.group(1)
          + "=; write "
          + known
          + turned.group(1)
          + "="
          + turned.group(2);
    }
    Matcher sign = ONE_SIGN.matcher(rest);
    if (sign.matches()) {
      String right = rest.startsWith("~") || rest.startsWith("^") ? "~=" : "==";
      return "a version stands after " + right + "; write " + name + right + sign.group(1);
    }
    if (rest.startsWith("@")) {
      return rest.startsWith("@http") || rest.contains("://")
          ? "a direct reference is a https URL, or git+https; " + rest.substring(1) + " is none"
          : "a direct reference is a https URL, or git+https; " + rest.substring(1) + PROJECT_FILE;
    }
    if (rest.startsWith("://")) {
      return "a direct reference is a https URL, or git+https: name @ https://host/file.whl";
    }
    if (rest.startsWith("/") || rest.startsWith("\\")) {
      return all + PROJECT_FILE;
    }
    if (rest.startsWith("#")) {
      return "a comment has no place here; remove \"" + rest + "\"";
    }
    if (rest.startsWith("-")) {
      return RequirementsFile.refusal(rest);
    }
    if (VERSION.matcher(rest).matches() && known.equals(name)) {
      return "a version stands after ==; write " + name + "==" + rest;
    }
    String other = rest.replaceFirst("^[,\\s]+", "");
    return other.matches("[A-Za-z0-9].*")
        ? "two requirements stand in one text; \"" + other + "\" is a text of its own"
        : "\"" + rest + "\" is not understood; a requirement is as numpy[extra]>=2,<3";
  }

  private static String nameless(String text) {
    if (PATH.matcher(text).matches()) {
      return "a path is no requirement: " + text + PROJECT_FILE;
    }
    if (text.contains("://")) {
      return "a direct reference is a https URL, or git+https; it may stand after the distribution's"
          + " name, as in name @ https://host/file.whl";
    }
    return "a requirement starts with a distribution's name: letters, digits, dots, dashes and"
        + " underscores, as in numpy>=2,<3";
  }
}
