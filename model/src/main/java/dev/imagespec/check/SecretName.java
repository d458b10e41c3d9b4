package dev.imagespec.check;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.regex.Pattern;

/** Tells by the names of variables, and by what is plainly no secret, which may hold secrets. */
final class SecretName {
  private static final Pattern SECRET =
      Pattern.compile(
          "(?:^|_)(?:TOKEN|SECRET|PASSWORD|PASSWD|PWD|PASSPHRASE|CREDENTIALS?|API_?KEY|PRIVATE_KEY"
              + "|ACCESS_KEY|AUTH)(?:$|_)");

  /** Last words of names that tell something about a secret. */
  private static final Set<String> ABOUT =
      Set.of(
          ("AGE ALGORITHM ALLOWED ARN ATTEMPTS AUDIENCE BACKEND BYTES CLASS COST COUNT DAYS DIR"
                  + " DIRECTORY DISABLED DOMAIN DRIVER DURATION ENABLED ENCODING ENDPOINT EXPIRATION"
                  + " EXPIRES EXPIRY FIELD FILE FILENAME FLOW FOLDER FORMAT GROUP HEADER HELPER HOST"
                  + " HOURS INTERVAL ISSUER LENGTH LEVEL LIFETIME LIMIT LOCATION MANAGER MAX METHOD"
                  + " METHODS MIN MINUTES MODE NAME PATH PLUGIN POLICY PORT PREFIX PROVIDER PROVIDERS"
                  + " REALM REGION REQUIRED RETRIES ROLE ROTATION ROUNDS SCHEME SCOPE SCOPES SECONDS"
                  + " SERVER SERVICE SIZE SOCK SOCKET SOURCE STORE STRATEGY STRENGTH SUFFIX TIMEOUT TTL"
                  + " TYPE URI URL USER USERNAME VALIDITY VERSION WINDOW")
              .split(" "));

  /** First words of names that count something or switch it on or off. */
  private static final Set<String> QUANTITIES =
      Set.of(
          ("ALLOW AVG COUNT DISABLE ENABLE FORCE HAS IS LIMIT MAX MIN N NO NUM NUMBER REQUIRE SKIP"
                  + " TOTAL USE VERIFY WITH")
              .split(" "));

  private static final Set<String> SWITCHES =
      Set.of("true", "false", "yes", "no", "on", "off", "none", "enabled", "disabled");

  private SecretName() {}

  /** Whether a variable's name looks like that of a secret, and its value can be one. */
  static boolean looksSecret(String variable, String value) {
    String name = variable.toUpperCase(Locale.ROOT).replaceAll("[^A-Z0-9]", "_");
    List<String> words = Arrays.asList(name.split("_+", -1));
    return SECRET.matcher(name).find()
        // The working directory, in every shell.
        && !name.equals("PWD")
        && !name.equals("OLDPWD")
        && !ABOUT.contains(words.get(words.size() - 1))
        && !QUANTITIES.contains(words.get(0))
        && !SWITCHES.contains(value.toLowerCase(Locale.ROOT))
        && !value.startsWith("/");
  }
}
