package dev.imagespec.model;

import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The name of a repository in its registry. Follows the grammar of the OCI distribution
 * specification, which Amazon ECR shares: parts of lower-case letters and digits, joined by {@code
 * .}, {@code _}, {@code __} or dashes, and separated by {@code /}.
 *
 * @param value the name, for example {@code team/trainer}
 */
public record RepositoryName(String value) {
  /** The limit of Amazon ECR. The distribution specification has no shorter one. */
  private static final int MAX_LENGTH = 256;

  private static final int MIN_ECR_LENGTH = 2;

  // Possessive, so that a long text does not overflow the stack.
  static final String PART = "[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*+";
  private static final Pattern NAME = Pattern.compile(PART + "(?:/" + PART + ")*+");

  public RepositoryName {
    if (value.isEmpty()) {
      throw new IllegalArgumentException("a repository name is needed");
    }
    // The most common mistake, a host in the name, which the grammar allows.
    if (!NAME.matcher(value).matches() || value.contains(".amazonaws.")) {
      throw new IllegalArgumentException(explain(value));
    }
    if (value.length() > MAX_LENGTH) {
      throw new IllegalArgumentException(
          "a repository name has at most "
              + MAX_LENGTH
              + " characters; this has "
              + value.length());
    }
  }

  /**
   * A repository name that Amazon ECR accepts too: it has at least two characters.
   *
   * @throws IllegalArgumentException if the text is not such a name; the message says what to write
   *     instead
   */
  public static RepositoryName ofEcr(String value) {
    RepositoryName name = new RepositoryName(value);
    if (value.length() < MIN_ECR_LENGTH) {
      throw new IllegalArgumentException(
          "a repository name of Amazon ECR has at least two characters");
    }
    return name;
  }

  private static String explain(String value) {
    int slash = value.indexOf('/');
    String first = slash < 0 ? "" : value.substring(0, slash);
    if ((first.contains(".") && value.contains(".amazonaws.")) || first.contains(":")) {
      return "the name is the repository alone; \""
          + first
          + "\" is a registry: put it into registry";
    }
    if (value.contains("@") || value.matches("[^:]+:[\\w][\\w.-]*")) {
      return "the name is the repository alone, without a tag or digest: the tag is computed from the"
          + " image's content";
    }
    if (!value.equals(value.toLowerCase(Locale.ROOT))) {
      return "a repository name has no upper-case letters; write \""
          + value.toLowerCase(Locale.ROOT)
          + "\"";
    }
    return "a repository name has lower-case letters and digits, joined by single . _ or - and /, as in"
        + " team/my-image";
  }

  @Override
  public String toString() {
    return value;
  }
}
