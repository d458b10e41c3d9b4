package dev.imagespec.registrar.flyte.connect;

import static dev.imagespec.registrar.flyte.connect.Connections.failure;
import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.testkit.TlsCertificate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the configuration comes from, and what is wrong with it. */
class ConfigurationTest {
  private static final String KEY = key("dns:///acme.union.example:443:robot:s3cret-canary:acme");

  @TempDir Path dir;
  private Path project = Path.of("");
  private Path home = Path.of("");
  private final Map<String, String> environment = new HashMap<>();

  @BeforeEach
  void start() throws IOException {
    project = Files.createDirectories(dir.resolve("git/module"));
    home = Files.createDirectories(dir.resolve("home"));
  }

  private static String key(String text) {
    return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
  }

  private Path file(Path path, String... lines) {
    try {
      Files.createDirectories(path.toAbsolutePath().getParent());
      return Files.writeString(path, String.join("\n", lines) + "\n");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path inProject(String... lines) {
    return file(project.resolve(".flyte/config.yaml"), lines);
  }

  private static Path endpoint(Path path, String host) throws IOException {
    Files.createDirectories(path.getParent());
    return Files.writeString(path, "admin:\n  endpoint: dns:///" + host + "\n");
  }

  private Configuration read(String... settings) {
    Map<String, String> named = new HashMap<>();
    for (int i = 0; i < settings.length; i += 2) {
      named.put(settings[i], settings[i + 1]);
    }
    return ConfigurationReader.read(named, environment, home, project);
  }

  private ImageSpecException wrong(FailureCode code, String... settings) {
    ImageSpecException failure = failure(code, () -> read(settings));
    assertThat(failure.getMessage()).doesNotContain("canary");
    assertThat(failure.getCause()).isNull();
    return failure;
  }

  @Test
  void filesAreTriedInTheOrderOfFlytesOwnClients() throws IOException {
    Files.createDirectories(dir.resolve("git/.git"));
    List<Path> order =
        List.of(
            project.resolve("config.yaml"),
            project.resolve(".flyte/config.yaml"),
            dir.resolve("git/.flyte/config.yaml"),
            project.resolve("uctl.yaml"),
            dir.resolve("flytectl.yaml"),
            home.resolve(".union/config.yaml"),
            home.resolve(".flyte/config.yaml"));
    environment.put("UCTL_CONFIG", "uctl.yaml");
    environment.put("FLYTECTL_CONFIG", dir.resolve("flytectl.yaml").toString());
    for (int i = 0; i < order.size(); i++) {
      endpoint(order.get(i), "host-" + i);
    }
    for (int i = 0; i < order.size(); i++) {
      Configuration configuration = read();
      assertThat(configuration.endpoint()).hasToString("https://host-" + i);
      assertThat(configuration.from()).isEqualTo(order.get(i) + ", line 2, admin.endpoint");
      Files.delete(order.get(i));
      environment.values().remove(order.get(i).toString());
      environment.values().remove(order.get(i).getFileName().toString());
    }
    assertThat(wrong(FailureCode.INVALID_SETTING))
        .hasMessageContaining("No Flyte endpoint is configured")
        .hasMessageContaining("imagespec.flyte.endpoint=https://HOST")
        .hasMessageContaining("FLYTE_API_KEY");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"a: b", "admin: {}", "admin: text", "{{ template }}", "", "[1]", "\t", "a: *b"})
  void aConfigYamlOfAnotherProgramIsPassedOver(String text) throws IOException {
    file(project.resolve("config.yaml"), text);
    endpoint(home.resolve(".flyte/config.yaml"), "mine");
    assertThat(read().endpoint()).hasToString("https://mine");
    Files.delete(project.resolve("config.yaml"));
    Files.createDirectories(project.resolve("config.yaml"));
    assertThat(read().endpoint()).hasToString("https://mine");
  }

  @Test
  void aFileOfFlyteWithoutAnEndpointLeavesItToTheNext() throws IOException {
    inProject("task: {project: reports}");
    endpoint(home.resolve(".flyte/config.yaml"), "mine");
    assertThat(read().endpoint()).hasToString("https://mine");
    inProject("admin: [", "  canary");
    assertThat(wrong(FailureCode.INVALID_FILE))
        .hasMessageContaining(project.resolve(".flyte/config.yaml") + ", line ")
        .hasMessageContaining("is no YAML");
  }

  @Test
  void aFileThatTheEnvironmentNamesMustBeThere() throws IOException {
    environment.put("UCTL_CONFIG", "gone.yaml");
    assertThat(wrong(FailureCode.INVALID_FILE))
        .hasMessage(
            project.resolve("gone.yaml")
                + " does not exist. The environment variable UCTL_CONFIG names it: correct it, or"
                + " remove it.");
    endpoint(project.resolve(".flyte/config.yaml"), "first");
    assertThat(read().endpoint()).as("one before it is enough").hasToString("https://first");
  }

  @ParameterizedTest
  @CsvSource({
    "union.example.com, https://union.example.com",
    "Union.Example.Com, https://union.example.com",
    "union.example.com:8443, https://union.example.com:8443",
    "dns:///union.example.com, https://union.example.com",
    "dns:///union.example.com:443, https://union.example.com:443",
    "dns:///union.example.com/, https://union.example.com",
    "https://union.example.com, https://union.example.com",
    "https://union.example.com/, https://union.example.com",
    "http://localhost:30080, http://localhost:30080",
    "https://[::1]:8443, https://[::1]:8443",
    "127.0.0.1:8089, https://127.0.0.1:8089"
  })
  void anEndpointHasManyForms(String text, String address) {
    assertThat(read("endpoint", text).endpoint()).hasToString(address);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://union.example.com/console",
        "dns://8.8.8.8/union.example.com",
        "ftp://union.example.com",
        "unix:///var/run/flyte.sock",
        "https://me:canary@union.example.com",
        "https://",
        "https://a b",
        "a_b.example.com",
        "union.example.com:port",
        "union.example.com:0",
        "union.example.com:99999",
        "https://union.example.com?token=canary",
        "https://union.example.com#canary",
        "dns:///",
        "\u001b[31m"
      })
  void whatIsNoEndpointIsAnErrorThatDoesNotRepeatIt(String text) {
    assertThat(wrong(FailureCode.INVALID_SETTING, "endpoint", text))
        .hasMessageStartingWith("imagespec.flyte.endpoint: must ");
    inProject(
        "admin:", "  insecure: false", "  endpoint: \"" + text.replace("\u001b", "\\e") + "\"");
    assertThat(wrong(FailureCode.INVALID_FILE))
        .hasMessageContaining(".flyte/config.yaml, line 3, admin.endpoint: must ");
  }

  @Test
  void aFileAsFlytectlWritesIt() {
    inProject(
        "admin:",
        "  # For GRPC endpoints you might want to use dns:///flyte.myexample.com",
        "  endpoint: dns:///localhost:30080",
        "  authType: Pkce",
        "  insecure: true",
        "console:",
        "  endpoint: http://localhost:30080",
        "logger:",
        "  show-source: true",
        "  level: 0");
    Configuration configuration = read();
    assertThat(configuration.endpoint()).hasToString("http://localhost:30080");
    assertThat(configuration.login())
        .as("the sandbox needs no login, and no browser is opened for it")
        .isEqualTo(new Login.None("plain HTTP carries no credential"));
  }

  @Test
  void aFileWithEverything() throws IOException {
    file(project.resolve("secret"), "  s3cret-canary  ");
    TlsCertificate certificate = TlsCertificate.of(dir);
    file(project.resolve("ca.pem"), certificate.certificatePem());
    inProject(
        "admin:",
        "  endpoint: flyte.example.com",
        "  AUTHTYPE: clientsecret",
        "  clientId: robot",
        "  clientSecretLocation: secret",
        "  scopes: [all, 'offline']",
        "  audience: me",
        "  tokenUrl: https://idp.example.com/token",
        "  authorizationHeader: flyte-authorization",
        "  caCertFilePath: ca.pem",
        "  maxRetries: 5",
        "  unheard: {of: [1]}",
        "task: {org: acme, project: reports, domain: production}");
    Configuration configuration = read();
    assertThat(configuration.login())
        .isInstanceOfSatisfying(
            Login.ClientSecret.class,
            login -> {
              assertThat(login.clientId()).isEqualTo("robot");
              assertThat(login.secret()).isEqualTo("s3cret-canary");
            });
    assertThat(configuration.oauth())
        .isEqualTo(
            new Configuration.OAuth(
                List.of("all", "offline"),
                "me",
                "https://idp.example.com/token",
                "flyte-authorization"));
    assertThat(configuration.authorities()).hasSize(1);
    assertThat(configuration.defaults())
        .isEqualTo(new Configuration.Defaults("acme", "reports", "production"));
    assertThat(configuration.described() + configuration).doesNotContain("canary");
  }

  @Test
  void settingsGoBeforeTheFileOfTheSameEndpoint() {
    inProject(
        "admin:",
        "  endpoint: dns:///flyte.example.com",
        "  authType: Pkce",
        "  clientId: robot",
        "  scopes: all");
    Configuration configuration =
        read(
            "endpoint",
            "https://flyte.example.com:443",
            "auth",
            "device-flow",
            "scopes",
            "one,two");
    assertThat(configuration.login()).isEqualTo(new Login.DeviceFlow("robot"));
    assertThat(configuration.oauth().scopes()).containsExactly("one", "two");
  }

  @Test
  void aCredentialStaysWithItsEndpoint() {
    environment.put("FLYTE_API_KEY", KEY);
    inProject(
        "admin:",
        "  endpoint: dns:///flyte.example.com",
        "  clientId: robot",
        "  clientSecretEnvVar: FLYTE_API_KEY");
    Configuration configuration = read("endpoint", "https://evil.example");
    assertThat(configuration.login()).isEqualTo(new Login.None("nothing says how"));
    assertThat(
            wrong(
                FailureCode.INVALID_SETTING, "endpoint", "https://evil.example", "auth", "api-key"))
        .hasMessageContaining("is not the endpoint of the API key in FLYTE_API_KEY");
    assertThat(
            wrong(
                FailureCode.INVALID_SETTING,
                "endpoint",
                "https://evil.example",
                "config",
                ".flyte/config.yaml"))
        .hasMessageContaining("is another endpoint than that of")
        .hasMessageContaining("config.yaml, line 2, admin.endpoint");
  }

  @Test
  void theFileOfTheWantedEndpointIsFoundAmongOthers() throws IOException {
    endpoint(project.resolve(".flyte/config.yaml"), "one.example");
    file(
        home.resolve(".flyte/config.yaml"),
        "admin: {endpoint: 'dns:///two.example', command: [give-token, --quiet]}");
    assertThat(read("endpoint", "two.example").login())
        .isEqualTo(new Login.ExternalCommand(List.of("give-token", "--quiet")));
  }

  @Test
  void anApiKeyGoesBeforeFilesAndIsTakenFromItsEnd() throws IOException {
    endpoint(home.resolve(".flyte/config.yaml"), "mine");
    environment.put("UNION_API_KEY", KEY);
    Configuration configuration = read();
    assertThat(configuration.endpoint()).hasToString("https://acme.union.example:443");
    assertThat(configuration.defaults().org()).isEqualTo("acme");
    assertThat(configuration.login())
        .isInstanceOfSatisfying(
            Login.ClientSecret.class,
            login -> {
              assertThat(login.clientId()).isEqualTo("robot");
              assertThat(login.secret()).isEqualTo("s3cret-canary");
            });
    environment.put("FLYTE_API_KEY", "  " + key("newer.example:a:b-canary:None") + "\n");
    assertThat(read().endpoint()).hasToString("https://newer.example");
    assertThat(read().defaults().org()).isEmpty();
    assertThat(read().toString()).doesNotContain("canary");
    assertThat(read("config", home.resolve(".flyte/config.yaml").toString()).endpoint())
        .as("what a setting names goes before the environment")
        .hasToString("https://mine");
    assertThat(read("endpoint", "newer.example", "auth", "none").login())
        .isEqualTo(new Login.None("imagespec.flyte.auth"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "canary",
        "canary!",
        "Y2FuYXJ5",
        "OmE6YjpjYW5hcnk=",
        "ZW5kOjpjYW5hcnk6b3Jn",
        "ZW5kOmlkOjpjYW5hcnk=",
        "/////w==",
        "YTpiOmNhbmFyeQo6ZA=="
      })
  void whatIsNoApiKeyIsAnErrorThatDoesNotRepeatIt(String key) {
    environment.put("FLYTE_API_KEY", key);
    assertThat(wrong(FailureCode.INVALID_SETTING))
        .hasMessageStartingWith("environment variable FLYTE_API_KEY: is no API key")
        .hasMessageNotContaining(key);
  }

  @Test
  void apiKeyWithoutAKey() {
    assertThat(wrong(FailureCode.INVALID_SETTING, "auth", "api-key"))
        .hasMessage(
            "imagespec.flyte.auth: needs an API key in the environment variable FLYTE_API_KEY.");
  }

  @ParameterizedTest
  @ValueSource(strings = {"Pkce", "PKCE", "Passthrough"})
  void whatABuildCannotDoIsSaidEarly(String way) {
    inProject("admin:", "  endpoint: flyte.example.com", "  authType: " + way);
    assertThat(wrong(FailureCode.UNSUPPORTED))
        .hasMessageContaining("line 3, admin.authType")
        .hasMessageContaining("device-flow")
        .hasMessageContaining("FLYTE_API_KEY");
    assertThat(read("auth", "device-flow").login()).isInstanceOf(Login.DeviceFlow.class);
  }

  @Test
  void aNamedSecretGoesBeforeABrowser() {
    inProject(
        "admin: {endpoint: flyte.example.com, authType: Pkce, clientId: a, clientSecretEnvVar: S}");
    environment.put("S", "s3cret-canary");
    assertThat(read().login()).isInstanceOf(Login.ClientSecret.class);
  }

  @Test
  void certificatesAreVerified() {
    inProject("admin:", "  endpoint: flyte.example.com", "  insecureSkipVerify: true");
    assertThat(wrong(FailureCode.UNSUPPORTED))
        .hasMessageContaining("line 3, admin.insecureSkipVerify: certificates are always verified")
        .hasMessageContaining("imagespec.flyte.ca-file");
    inProject("admin: {endpoint: flyte.example.com, insecureSkipVerify: false}");
    assertThat(read().login()).isInstanceOf(Login.None.class);
  }

  @Test
  void aProxyWithATokenIsNotSupported() {
    inProject("admin:", "  endpoint: flyte.example.com", "  proxyCommand: [iap, canary]");
    assertThat(wrong(FailureCode.UNSUPPORTED)).hasMessageContaining("line 3, admin.proxyCommand");
  }

  @Test
  void noCredentialOverPlainHttp() {
    environment.put("S", "s3cret-canary");
    String[] secret = {"auth", "client-secret", "client-id", "me", "client-secret-env", "S"};
    assertThat(
            wrong(
                FailureCode.INVALID_SETTING,
                Stream.concat(
                        Stream.of("endpoint", "http://flyte.example.com"), Arrays.stream(secret))
                    .toArray(String[]::new)))
        .hasMessageContaining("a credential is not sent over plain HTTP");
    inProject(
        "admin: {endpoint: flyte.example.com, insecure: true, clientId: a, clientSecretEnvVar: S}");
    assertThat(read().login()).isEqualTo(new Login.None("plain HTTP carries no credential"));
    inProject(
        "admin: {endpoint: 'localhost:80', insecure: true, clientId: a, clientSecretEnvVar: S}");
    assertThat(read().login()).isInstanceOf(Login.ClientSecret.class);
    assertThat(read("auth", "none").login()).isInstanceOf(Login.None.class);
  }

  @ParameterizedTest
  @CsvSource({"http://a.example, false", "https://a.example, true"})
  void schemeAndFlagMustAgree(String endpoint, String insecure) {
    assertThat(wrong(FailureCode.INVALID_SETTING, "endpoint", endpoint, "insecure", insecure))
        .hasMessage(
            "imagespec.flyte.insecure: contradicts the endpoint's own scheme; leave one of the two"
                + " out.");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "insecure: maybe | admin.insecure: must be true or false.",
        "insecure: [true] | admin.insecure: must be one text, not a list.",
        "scopes: {a: b} | admin.scopes must be a text or a list of texts.",
        "scopes: [[a]] | admin.scopes must be a list of texts.",
        "scopes: [a, null] | admin.scopes must be a list of texts.",
        "authType: Magic | admin.authType: must be client-secret, external-command",
        "authType: ApiKey | admin.authType: is for the setting imagespec.flyte.auth",
        "authType: ExternalCommand | admin.authType: needs imagespec.flyte.command too.",
        "authType: ClientSecret | admin.authType: a secret needs its client",
        "clientSecretEnvVar: CANARY | admin.clientSecretEnvVar: a secret needs its client",
        "tokenUrl: http://idp.example.com | admin.tokenUrl: must be an address with https://.",
        "authorizationHeader: Host | admin.authorizationHeader: is no name of a header",
        "caCertFilePath: gone.pem | cannot be read: it does not exist",
        "caCertFilePath: .flyte/config.yaml | holds no certificate in PEM.",
        "command: [' '] | admin.command: must be a program and its arguments."
      })
  void wrongValuesAreToldWithLineAndKey(String line, String message) {
    inProject("admin:", "  endpoint: flyte.example.com", "  " + line.strip());
    FailureCode code =
        message.contains("a secret needs") ? FailureCode.INVALID_SETTING : FailureCode.INVALID_FILE;
    assertThat(wrong(code))
        .hasMessageContaining(".flyte/config.yaml, line 3")
        .hasMessageContaining(message.strip());
  }

  @Test
  void aSecretThatIsNotThere() throws IOException {
    String[] base = {"endpoint", "a.example", "client-id", "me"};
    assertThat(wrong(FailureCode.INVALID_SETTING, with(base, "client-secret-env", "MY_canary")))
        .hasMessage(
            "imagespec.flyte.client-secret-env: the environment variable of this name is not set."
                + " It must hold the secret.");
    assertThat(wrong(FailureCode.INVALID_SETTING, with(base, "client-secret-file", "gone-canary")))
        .hasMessageContaining(
            "imagespec.flyte.client-secret-file: the file with the secret cannot");
    file(project.resolve("empty"), " ");
    assertThat(wrong(FailureCode.INVALID_SETTING, with(base, "client-secret-file", "empty")))
        .hasMessage("imagespec.flyte.client-secret-file: the secret is empty.");
    file(project.resolve("two"), "canary", "canary");
    assertThat(wrong(FailureCode.INVALID_SETTING, with(base, "client-secret-file", "two")))
        .hasMessageContaining("a line break");
    assertThat(wrong(FailureCode.INVALID_SETTING, with(base, "auth", "client-secret")))
        .hasMessageContaining("nothing names the secret of client me")
        .hasMessageContaining("imagespec.flyte.client-secret-env");
  }

  private static String[] with(String[] base, String... more) {
    return Stream.concat(Arrays.stream(base), Arrays.stream(more)).toArray(String[]::new);
  }

  @Test
  void aCommandIsWordsOrAList() {
    assertThat(read("endpoint", "a.example", "command", " give  token ").login())
        .isEqualTo(new Login.ExternalCommand(List.of("give", "token")));
    assertThat(read("endpoint", "a.example", "command", "[\"give it\",\"a b\"]").login())
        .isEqualTo(new Login.ExternalCommand(List.of("give it", "a b")));
    for (String text : List.of("[\"canary", "[1,{}]", "[null]", "[]")) {
      wrong(FailureCode.INVALID_SETTING, "endpoint", "a.example", "command", text);
    }
  }

  @Test
  void allSettingsAreKnown() {
    assertThat(FlyteConnection.SETTINGS)
        .containsExactlyInAnyOrder(
            "endpoint",
            "insecure",
            "config",
            "auth",
            "client-id",
            "client-secret-env",
            "client-secret-file",
            "command",
            "scopes",
            "audience",
            "ca-file");
  }
}
