package dev.imagespec.registrar.flyte.connect;

import dev.imagespec.model.IoReason;
import dev.imagespec.model.Printable;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.http.Addresses;
import dev.imagespec.runtime.http.Authorities;
import dev.imagespec.runtime.work.BoundedFile;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Puts a configuration together: of settings, an API key in the environment, and a file of Flyte's
 * own clients, in this order. A credential never goes to another endpoint than the one that it is
 * configured with: a key or a file of another endpoint is passed over.
 */
final class ConfigurationReader {
  private static final int MAX_CERTIFICATES = 1 << 20;

  private final Layers layers;
  private final Map<String, String> environment;
  private final ConfigurationFiles files;

  private ConfigurationReader(
      Layers layers, Map<String, String> environment, ConfigurationFiles files) {
    this.layers = layers;
    this.environment = environment;
    this.files = files;
  }

  /**
   * Reads settings, environment and files.
   *
   * @param settings the registrar's settings, by their own names; others are passed over
   * @throws ImageSpecException if something is missing or wrong
   */
  static Configuration read(
      Map<String, String> settings, Map<String, String> environment, Path home, Path projectDir) {
    return reader(settings, environment, home, projectDir).read();
  }

  /** The same; empty if nobody names an endpoint. */
  static Optional<Configuration> find(
      Map<String, String> settings, Map<String, String> environment, Path home, Path projectDir) {
    ConfigurationReader reader = reader(settings, environment, home, projectDir);
    return reader.layers.findEndpoint().map(endpoint -> reader.read());
  }

  private static ConfigurationReader reader(
      Map<String, String> settings, Map<String, String> environment, Path home, Path projectDir) {
    ConfigurationFiles files = new ConfigurationFiles(environment, home, projectDir);
    return new ConfigurationReader(Layers.of(settings, environment, files), environment, files);
  }

  private Configuration read() {
    Value said = layers.endpoint();
    boolean isPlain = isPlain(said);
    URI endpoint = EndpointText.parse(said, isPlain);
    if (!isPlain) {
      refuseSkippedVerification();
    }
    layers
        .get(Key.PROXY_COMMAND)
        .ifPresent(
            value -> {
              // The JDK's client sends this header to a proxy that it was told of, and to nobody
              // else.
              throw new ImageSpecException(
                  FailureCode.UNSUPPORTED,
                  value.where()
                      + ": a proxy that wants a token of its own is not supported. Reach the"
                      + " endpoint without it, from its own network or with `kubectl port-forward`,"
                      + " and name that address with imagespec.flyte.endpoint.");
            });
    Login login = new LoginReader(layers, environment, files).read(endpoint);
    return new Configuration(
        endpoint,
        said.where(),
        login,
        oauth(endpoint),
        authorities(),
        new Configuration.Defaults(
            layers.apiKey().map(ApiKey::org).filter(org -> !org.isEmpty()).orElse(task("org")),
            task("project"),
            task("domain")));
  }

  private boolean isPlain(Value endpoint) {
    Optional<Value> insecure = layers.get(Key.INSECURE);
    boolean saysHttp = endpoint.text().startsWith("http://");
    boolean saysHttps = endpoint.text().startsWith("https://");
    boolean isPlain = insecure.map(Value::flag).orElse(saysHttp);
    if ((isPlain && saysHttps) || (!isPlain && saysHttp)) {
      throw insecure
          .orElse(endpoint)
          .wrong("contradicts the endpoint's own scheme; leave one of the two out.");
    }
    return isPlain;
  }

  private void refuseSkippedVerification() {
    layers
        .get(Key.INSECURE_SKIP_VERIFY)
        .filter(value -> value.flag() && layers.get(Key.CA_FILE).isEmpty())
        .ifPresent(
            value -> {
              throw new ImageSpecException(
                  FailureCode.UNSUPPORTED,
                  value.where()
                      + ": certificates are always verified, since anybody on the way could read"
                      + " the credential otherwise. Name the certificate of the authority with"
                      + " imagespec.flyte.ca-file, or admin.caCertFilePath.");
            });
  }

  private Configuration.OAuth oauth(URI endpoint) {
    return new Configuration.OAuth(
        layers.get(Key.SCOPES).map(Value::list).orElse(List.of()),
        layers.get(Key.AUDIENCE).map(Value::text).orElse(""),
        layers.get(Key.TOKEN_URL).map(value -> tokenUrl(endpoint, value)).orElse(""),
        layers.get(Key.AUTHORIZATION_HEADER).map(ConfigurationReader::header).orElse(""));
  }

  private static String tokenUrl(URI endpoint, Value value) {
    return Addresses.resolve(endpoint, value.text())
        .filter(uri -> Addresses.isSafe(endpoint, uri) && uri.getUserInfo() == null)
        .orElseThrow(() -> value.wrong("must be an address with https://."))
        .toString();
  }

  private static String header(Value value) {
    if (!PublicClient.isHeader(value.text())) {
      throw value.wrong("is no name of a header that can take a token.");
    }
    return value.text();
  }

  private List<X509Certificate> authorities() {
    Optional<Value> named = layers.get(Key.CA_FILE);
    if (named.isEmpty()) {
      return List.of();
    }
    Value value = named.get();
    Path file = files.resolve(value.where(), value.text());
    String shown = Printable.value(file.toString());
    try {
      return Authorities.read(BoundedFile.read(file, MAX_CERTIFICATES));
    } catch (IOException e) {
      throw value.wrong(shown + " cannot be read: " + IoReason.withoutPath(e) + ".");
    } catch (CertificateException e) {
      throw value.wrong(shown + " holds no certificate in PEM.");
    }
  }

  private String task(String name) {
    return layers.file().flatMap(file -> file.value("task", name)).map(Value::text).orElse("");
  }
}
