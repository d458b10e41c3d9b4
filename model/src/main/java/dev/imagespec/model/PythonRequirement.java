package dev.imagespec.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A Python requirement by the grammar of PEP 508, with versions of PEP 440: {@code numpy}, {@code
 * numpy[extra]>=2,<3; python_version < "3.12"}, {@code pkg @ https://host/pkg.whl}. Also what pip
 * takes besides: a URL alone, a comma or a semicolon at the end.
 *
 * @param name the distribution's name as written; empty if there is only a URL that does not tell
 *     it
 * @param extras the extras as written
 * @param versions the version clauses, for example {@code >=2} and {@code <3}
 * @param url the URL of a direct reference, or empty
 * @param marker the environments in which it applies
 */
public record PythonRequirement(
    String name, List<String> extras, List<String> versions, String url, PythonMarker marker) {

  private static final int MAX_LENGTH = 8192;

  private static final String WORD = "[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?";
  private static final Pattern SEPARATORS = Pattern.compile("[-_.]+");
  private static final Pattern NAME = Pattern.compile("\\G\\s*(" + WORD + ")");
  private static final Pattern EXTRAS = Pattern.compile("\\G\\s*\\[([^\\]]*)\\]");
  private static final Pattern URL = Pattern.compile("\\G\\s*@\\s*(\\S+)(?=\\s|$)");
  private static final Pattern URL_FORM =
      Pattern.compile("(?:(?:git|hg|svn|bzr)\\+(?:https?|ssh|git)|https?)://[^\\s/?#]+(?:/\\S*)?");
  private static final Pattern BARE_URL =
      Pattern.compile("\\G\\s*((?:(?:git|hg|svn|bzr)\\+[a-z]+|https?)://\\S+)");
  private static final Pattern EGG = Pattern.compile("#(?:.*&)?egg=(" + WORD + ")");
  private static final Pattern WHEEL = Pattern.compile("/(" + WORD + ")-[^/#?]*\\.whl(?:[#?].*)?$");
  private static final Pattern OPERATOR = Pattern.compile("\\G\\s*(~=|===|==|!=|<=|>=|<|>)\\s*");
  private static final Pattern VERSION_TEXT = Pattern.compile("\\G([^\\s,;()]+)");
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
    if (text.codePoints().anyMatch(c -> Character.isISOControl(c) && c != '\t')) {
      throw new IllegalArgumentException("a requirement is one line without control characters");
    }
    Matcher matcher = BARE_URL.matcher(text);
    if (matcher.find()) {
      String url = url(matcher.group(1), "", text);
      return new PythonRequirement(
          nameIn(url), List.of(), List.of(), url, marker(text, "", matcher.end()));
    }
    matcher.usePattern(NAME);
    if (!matcher.find(0)) {
      throw new IllegalArgumentException(RequirementMistake.of(text, "", text.strip()));
    }
    String name = matcher.group(1);
    int at = matcher.end();
    RequirementMistake.refuseFile(name, text.substring(at));
    List<String> extras = new ArrayList<>();
    matcher.usePattern(EXTRAS);
    if (matcher.find(at)) {
      at = matcher.end();
      extras.addAll(extras(matcher.group(1)));
    }
    matcher.usePattern(URL);
    if (matcher.find(at)) {
      String url = url(matcher.group(1), name, text);
      return new PythonRequirement(name, extras, List.of(), url, marker(text, name, matcher.end()));
    }
    List<String> versions = new ArrayList<>();
    int end = versions(text, at, versions);
    return new PythonRequirement(name, extras, versions, "", marker(text, name, end));
  }

  private static String url(String url, String name, String text) {
    if (url.contains(";")) {
      throw new IllegalArgumentException("a space stands between a URL and \";\"");
    }
    if (!URL_FORM.matcher(url).matches()) {
      throw new IllegalArgumentException(RequirementMistake.of(text, name, "@" + url));
    }
    return url;
  }

  /** The name of the distribution, as far as a URL tells it for certain. */
  private static String nameIn(String url) {
    Matcher egg = EGG.matcher(url);
    if (egg.find()) {
      return egg.group(1);
    }
    Matcher wheel = WHEEL.matcher(url);
    return wheel.find() ? wheel.group(1) : "";
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
      // pip takes a comma at the end.
      at = blanks(text, at + 1);
      if (at < text.length() && "<>=!~;)".indexOf(text.charAt(at)) < 0) {
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
    boolean right =
        operator.equals("===")
            || (equality && RELEASE_PREFIX.matcher(version).matches())
            || (PythonVersion.parse(version).isPresent() && (equality || !version.contains("+")));
    if (!right) {
      throw new IllegalArgumentException(
          "\""
              + version
              + "\" is no version that "
              + operator
              + " takes (PEP 440)"
              + (version.endsWith(".*") ? "; .* stands after == and != alone" : "")
              + (equality && version.matches("[0-9.]+\\.[xX]")
                  ? "; write " + version.substring(0, version.length() - 1) + "*"
                  : ""));
    }
    if (operator.equals("~=") && !version.contains(".")) {
      throw new IllegalArgumentException(
          "~= needs two numbers at least, as in ~=" + version + ".0");
    }
    return version;
  }

  private static PythonMarker marker(String text, String name, int end) {
    int at = blanks(text, end);
    if (at == text.length()) {
      return PythonMarker.ALWAYS;
    }
    if (text.charAt(at) != ';') {
      throw new IllegalArgumentException(
          RequirementMistake.of(text, name, text.substring(at).strip()));
    }
    // pip takes a semicolon without a marker.
    String marker = text.substring(at + 1);
    return marker.isBlank() ? PythonMarker.ALWAYS : PythonMarker.parse(marker);
  }

  private static int blanks(String text, int start) {
    int at = start;
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
    return at;
  }

  /**
   * The name as package indexes compare it (PEP 503): in lower case, with each run of {@code -_.}
   * replaced by a dash.
   */
  public String normalizedName() {
    return normalized(name);
  }

  /** A name as package indexes compare it (PEP 503). */
  public static String normalized(String name) {
    return SEPARATORS.matcher(name).replaceAll("-").toLowerCase(Locale.ROOT);
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

  /** Whether the URL is that of a repository of source code, at a commit or a branch. */
  public boolean isFromSourceControl() {
    return url.matches("(?:git|hg|svn|bzr)\\+.*");
  }

  /** What it asks for: the version clauses or the URL. */
  public String wanted() {
    return url.isEmpty() ? String.join(",", versions) : url;
  }

  /** Whether no version satisfies it. */
  public boolean isContradiction() {
    return PythonVersions.of(versions).isEmpty();
  }

  /** Whether no version of one distribution satisfies both requirements, and both apply. */
  public boolean contradicts(PythonRequirement other) {
    if (name.isEmpty()
        || !normalizedName().equals(other.normalizedName())
        || !marker.onLinux().meets(other.marker.onLinux())) {
      return false;
    }
    if (!url.isEmpty() || !other.url.isEmpty()) {
      return !url.isEmpty() && !other.url.isEmpty() && !content(url).equals(content(other.url));
    }
    List<String> all = new ArrayList<>(versions);
    all.addAll(other.versions);
    return PythonVersions.of(all).isEmpty();
  }

  private static String content(String url) {
    return url.replaceFirst("#.*", "");
  }

  /** The text without a comma or a semicolon at its end, which pip takes only since 24.1. */
  public static String tidy(String text) {
    String tidy = text;
    for (char end : new char[] {';', ','}) {
      String plain = tidy.stripTrailing();
      if (!plain.isEmpty() && plain.charAt(plain.length() - 1) == end) {
        tidy = plain.substring(0, plain.length() - 1).stripTrailing();
      }
    }
    return tidy;
  }
}
