package dev.imagespec.check;

import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Recognises credentials by their issuers' formats, and variables that programs read credentials
 * from.
 */
final class Credentials {
  private static final Pattern FORM =
      Pattern.compile(
          "(?<![A-Za-z0-9])(?:"
              + "(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])"
              + "|gh[pousr]_[A-Za-z0-9]{36,}"
              + "|github_pat_[A-Za-z0-9_]{22,}"
              + "|glpat-[A-Za-z0-9_-]{20,}"
              + "|xox[abeprs]-[A-Za-z0-9-]{10,}"
              + "|sk-[A-Za-z0-9_-]{20,}"
              + "|[sr]k_live_[A-Za-z0-9]{16,}"
              + "|hf_[A-Za-z0-9]{30,}"
              + "|npm_[A-Za-z0-9]{36}"
              + "|pypi-[A-Za-z0-9_-]{50,}"
              + "|dckr_pat_[A-Za-z0-9_-]{20,}"
              + "|AIza[A-Za-z0-9_-]{35}"
              + "|AGE-SECRET-KEY-1[A-Z0-9]{50,}"
              + "|eyJ[A-Za-z0-9_-]{10,}\\.eyJ[A-Za-z0-9_-]{10,}\\.[A-Za-z0-9_-]*"
              + ")|-----BEGIN [A-Z ]*PRIVATE KEY-----");
  // Possessive quantifiers: texts can be long, and the patterns must not backtrack.
  private static final Pattern USER_INFO =
      Pattern.compile("(?<=[A-Za-z0-9+.-]://)[^\\s/@?#:]*+:[^\\s/@?#]++(?=@)");
  private static final Pattern ANY_USER_INFO =
      Pattern.compile("(?<=[A-Za-z0-9+.-]://)[^\\s/@?#]++(?=@)");

  /** A user and a password without a scheme before them, not an image's tag before its digest. */
  private static final Pattern BARE_USER_INFO =
      Pattern.compile("(?<![^\\s\"'=,;(])[^\\s/@?#:\"'=,;(]++:[^\\s/@?#]++(?=@(?!sha256:))");

  private static final int MAX_FILLED_IN = 200;

  /** A password that a shell or another program fills in, or that was left out. */
  private static final Pattern FILLED_IN =
      Pattern.compile(
          "(?:\\$\\{?[A-Za-z_0-9]+\\}?|\\$\\([^)]*\\)?|%[sv]|%[A-Za-z_]+%|\\{\\{?[ A-Za-z_0-9.]*\\}?\\}"
              + "|<[^<>]*>|\\*+|`[^`]*`?)*+");

  /** A user without a password that is no secret: servers of git take it from everybody. */
  private static final Pattern KNOWN_USER = Pattern.compile("git|anonymous");

  /** A URL of SSH, where a user has no password in the URL and is no secret. */
  private static final Pattern SSH_USER =
      Pattern.compile("(?<![A-Za-z0-9+.-])(?:[a-z]+\\+)?ssh://[^\\s/@?#:]++(?=@)");

  private static final Set<String> WELL_KNOWN =
      Set.of(
          "ANTHROPIC_API_KEY",
          "AWS_ACCESS_KEY_ID",
          "AWS_SECRET_ACCESS_KEY",
          "AWS_SESSION_TOKEN",
          "AZURE_CLIENT_SECRET",
          "DOCKER_PASSWORD",
          "GH_TOKEN",
          "GITHUB_TOKEN",
          "GITLAB_TOKEN",
          "GOOGLE_API_KEY",
          "HF_TOKEN",
          "HUGGING_FACE_HUB_TOKEN",
          "MYSQL_PASSWORD",
          "MYSQL_PWD",
          "MYSQL_ROOT_PASSWORD",
          "NPM_TOKEN",
          "OPENAI_API_KEY",
          "PGPASSWORD",
          "POSTGRES_PASSWORD",
          "PYPI_TOKEN",
          "REDIS_PASSWORD",
          "SLACK_TOKEN",
          "TWINE_PASSWORD",
          "UV_PUBLISH_TOKEN",
          "VAULT_TOKEN",
          "WANDB_API_KEY");

  private Credentials() {}

  /** The message for a credential in a text, or empty if there is none. */
  static Optional<Message> in(String text) {
    if (FORM.matcher(text).find()) {
      return Optional.of(Message.CREDENTIAL_FORM);
    }
    return USER_INFO
            .matcher(text)
            .results()
            .anyMatch(found -> !isFilledIn(found.group().substring(found.group().indexOf(':') + 1)))
        ? Optional.of(Message.CREDENTIAL_PASSWORD)
        : Optional.empty();
  }

  private static boolean isFilledIn(String text) {
    return text.length() <= MAX_FILLED_IN && FILLED_IN.matcher(text).matches();
  }

  /** Whether a URL has a user that may be a token, or a password. */
  static boolean namesUser(String url) {
    String plain = SSH_USER.matcher(url).replaceAll("ssh://");
    return ANY_USER_INFO
        .matcher(plain)
        .results()
        .anyMatch(found -> !KNOWN_USER.matcher(found.group()).matches());
  }

  /** Whether programs read a credential from the variable with this name. */
  static boolean isWellKnown(String variable) {
    return WELL_KNOWN.contains(variable);
  }

  /** The text with credentials masked, because messages go to build logs. */
  static String masked(String text) {
    Matcher form = FORM.matcher(text);
    // The lines after the first line of a private key are the key.
    String plain =
        text.contains("PRIVATE KEY-----")
            ? "***"
            : form.replaceAll(found -> found.group().substring(0, 4) + "***");
    return BARE_USER_INFO.matcher(ANY_USER_INFO.matcher(plain).replaceAll("***")).replaceAll("***");
  }
}
