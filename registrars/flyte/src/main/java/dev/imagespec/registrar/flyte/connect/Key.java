package dev.imagespec.registrar.flyte.connect;

import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What can be configured: by a setting {@code imagespec.flyte.<name>}, or by a key below {@code
 * admin} in a file of flytectl or of Union.
 */
enum Key {
  ENDPOINT("endpoint", "endpoint"),
  INSECURE("insecure", "insecure"),
  AUTH("auth", "authType"),
  CLIENT_ID("client-id", "clientId"),
  CLIENT_SECRET_ENV("client-secret-env", "clientSecretEnvVar"),
  CLIENT_SECRET_FILE("client-secret-file", "clientSecretLocation"),
  COMMAND("command", "command"),
  SCOPES("scopes", "scopes"),
  AUDIENCE("audience", "audience"),
  CA_FILE("ca-file", "caCertFilePath"),
  TOKEN_URL("", "tokenUrl"),
  AUTHORIZATION_HEADER("", "authorizationHeader"),
  INSECURE_SKIP_VERIFY("", "insecureSkipVerify"),
  PROXY_COMMAND("", "proxyCommand");

  /** The setting that names a file. */
  static final String CONFIG = "config";

  private final String setting;
  private final String inFile;

  Key(String setting, String inFile) {
    this.setting = setting;
    this.inFile = inFile;
  }

  /** The setting's own name; empty if only a file has it. */
  String setting() {
    return setting;
  }

  /** The key in a file. */
  String inFile() {
    return inFile;
  }

  /** The own names of all settings. */
  static Set<String> settings() {
    return Arrays.stream(values())
        .map(Key::setting)
        .map(name -> name.isEmpty() ? CONFIG : name)
        .collect(Collectors.toUnmodifiableSet());
  }
}
