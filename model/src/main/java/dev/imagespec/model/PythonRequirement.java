package dev.imagespec.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Python requirement by the grammar of PEP 508, with versions of PEP 440: {@code numpy}, {@code
 * numpy[extra]>=2,<3; python_version < "3.12"}, {@code pkg @ https://host/pkg.whl}.
 *
 * @param name the distribution's name as written
 * @param extras the extras as written
 * @param versions the version clauses, for example {@code >=2} and {@code <3}
 * @param url the URL of a direct reference, or empty
 * @param marker the environments in which it applies
 */
public record PythonRequirement(
    String name, List<String> extras, List<String> versions, String url, PythonMarker marker) {

  private static final int MAX_LENGTH = 8192;

  private static final String WORD = "[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?";
  private static final Pattern NAME = Pattern.compile("\\G\\s*(" + WORD + ")");
  private static final Pattern EXTRAS = Pattern.compile("\\G\\s*\\[([^\\]]*)\\]");
  private static final Pattern URL = Pattern.compile("\\G\\s*@\\s*(\\S+)(?=\\s|$)");
  private static final Pattern URL_FORM =
      Pattern.compile("(?:git\\+|hg\\+|svn\\+|bzr\\+)?(?:https?|ssh)://[^\\s/?#]+(?:/\\S*)?");
  private static final Pattern OPERATOR = Pattern.compile("\\G\\s*(~=|===|==|!=|<=|>=|<|>)\\s*");
  private static final Pattern VERSION_TEXT = Pattern.compile("\\G([^\\s,;()]+)");
  private static final Pattern PUBLIC_VERSION =
      Pattern.compile(
          "v?(?:[0-9]+!)?[0-9]+(?:\\.[0-9]+)*+"
              + "(?:[-_.]?(?:a|b|c|rc|alpha|beta|pre|preview)[-_.]?[0-9]*)?"
              + "(?:-[0-9]+|[-_.]?(?:post|rev|r)[-_.]?[0-9]*)?"
              + "(?:[-_.]?dev[-_.]?[0-9]*)?"
              + "(\\+[a-z0-9]+(?:[-_.][a-z0-9]+)*+)?",
          Pattern.CASE_INSENSITIVE);
  private static final Pattern RELEASE_PREFIX =
      Pattern.compile("v?(?:[0-9]+!)?[0-9]+(?:\\.[0-9]+)*+\\.\\*");
  private static final Pattern PIN_IN_URL =
      Pattern.compile("@[0-9a-f]{40}(?:#.*)?$|#(?:.*&)?sha(?:256|384|512)=[0-9a-f]{64,}");

  public PythonRequirement {
    extras = List.copyOf(extras);
    versions = List.copyOf(versions);
  }

  /**
   * Reads a requirement.
   *
   * @throws IllegalArgumentException if the text is not a requirement; the message says what is
   *     wrong
   */
  public static PythonRequirement parse(String text) {
    if (text.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "a requirement has at most " + MAX_LENGTH + " characters; this has " + text.length());
    }
    if (text.codePoints().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("a requirement is one line without control characters");
    }
    Matcher matcher = NAME.matcher(text);
    if (!matcher.find()) {
      throw new IllegalArgumentException(explain(text.strip()));
    }
    String name = matcher.group(1);
    int at = matcher.end();
    List<String> extras = new ArrayList<>();
    matcher.usePattern(EXTRAS);
    if (matcher.find(at)) {
      at = matcher.end();
      extras.addAll(extras(matcher.group(1)));
    }
    matcher.usePattern(URL);
    if (matcher.find(at)) {
      String url = matcher.group(1);
      at = matcher.end();
      if (url.contains(";")) {
        throw new IllegalArgumentException("a space stands between a URL and \";\"");
      }
      if (!URL_FORM.matcher(url).matches()) {
        throw new IllegalArgumentException(
            "a direct reference is a https URL, or git+https; a file of the project has no place in a"
                + " requirement");
      }
      return new PythonRequirement(name, extras, List.of(), url, marker(text, at));
    }
    List<String> versions = new ArrayList<>();
    int end = versions(text, at, versions);
    return new PythonRequirement(name, extras, versions, "", marker(text, end));
  }

  private static List<String> extras(String inside) {
    List<String> extras = new ArrayList<>();
    if (inside.isBlank()) {
      return extras;
    }
    for (String extra : inside.split(",", -1)) {
      if (!extra.strip().matches(WORD)) {
        throw new IllegalArgumentException(
            "\"" + extra.strip() + "\" is no name of an extra; extras stand as in name[one,two]");
      }
      extras.add(extra.strip());
    }
    return extras;
  }

  /** Reads version clauses from an index on. Returns the index after them. */
  private static int versions(String text, int start, List<String> versions) {
    int at = blanks(text, start);
    boolean bracketed = at < text.length() && text.charAt(at) == '(';
    at = bracketed ? at + 1 : at;
    Matcher matcher = OPERATOR.matcher(text);
    while (matcher.usePattern(OPERATOR).find(at)) {
      String operator = matcher.group(1);
      at = matcher.end();
      if (!matcher.usePattern(VERSION_TEXT).find(at)) {
        throw new IllegalArgumentException("there is no version after " + operator);
      }
      versions.add(operator + version(operator, matcher.group(1)));
      at = blanks(text, matcher.end());
      if (at >= text.length() || text.charAt(at) != ',') {
        break;
      }
      at++;
      if (!matcher.usePattern(OPERATOR).find(at)) {
        throw new IllegalArgumentException("after a comma stands a version clause, such as <3");
      }
    }
    if (bracketed) {
      if (at >= text.length() || text.charAt(at) != ')') {
        throw new IllegalArgumentException("the bracket around the versions is not closed");
      }
      at++;
    }
    return at;
  }

  private static String version(String operator, String version) {
    boolean equality = operator.equals("==") || operator.equals("!=");
    Matcher matcher = PUBLIC_VERSION.matcher(version);
    boolean right =
        operator.equals("===")
            || (equality && RELEASE_PREFIX.matcher(version).matches())
            || (matcher.matches() && (equality || matcher.group(1) == null));
    if (!right) {
      throw new IllegalArgumentException(
          "\""
              + version
              + "\" is no version that "
              + operator
              + " takes (PEP 440)"
              + (version.endsWith(".*") ? "; .* stands after == and != alone" : ""));
    }
    if (operator.equals("~=") && !version.contains(".")) {
      throw new IllegalArgumentException(
          "~= needs two numbers at least, as in ~=" + version + ".0");
    }
    return version;
  }

  private static PythonMarker marker(String text, int end) {
    int at = blanks(text, end);
    if (at == text.length()) {
      return PythonMarker.ALWAYS;
    }
    if (text.charAt(at) != ';') {
      String rest = text.substring(at).strip();
      if (rest.startsWith("://")) {
        throw new IllegalArgumentException(explain(text));
      }
      throw new IllegalArgumentException(
          rest.matches(WORD + ".*")
              ? "two requirements stand in one text; \"" + rest + "\" is a text of its own"
              : "\"" + rest + "\" is not understood; a requirement is as numpy[extra]>=2,<3");
    }
    return PythonMarker.parse(text.substring(at + 1));
  }

  private static int blanks(String text, int start) {
    int at = start;
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  private static String explain(String text) {
    if (text.contains("://")) {
      return "a URL stands after the distribution's name, as in name @ https://host/file.whl";
    }
    if (text.startsWith(".") || text.startsWith("/")) {
      return "a path of the project is no requirement; build a wheel and name it by its URL, or install"
          + " it with commands";
    }
    return "a requirement starts with a distribution's name: letters, digits, dots, dashes and"
        + " underscores, as in numpy>=2,<3";
  }

  /**
   * The name as package indexes compare it (PEP 503): in lower case, with each run of {@code -_.}
   * replaced by a dash.
   */
  public String normalizedName() {
    return name.replaceAll("[-_.]+", "-").toLowerCase(Locale.ROOT);
  }

  /** Whether it names exactly one version, or a URL with the digest of its content. */
  public boolean isPinned() {
    if (!url.isEmpty()) {
      return PIN_IN_URL.matcher(url).find();
    }
    return versions.stream()
        .anyMatch(
            clause ->
                clause.startsWith("===") || (clause.startsWith("==") && !clause.endsWith("*")));
  }
}
