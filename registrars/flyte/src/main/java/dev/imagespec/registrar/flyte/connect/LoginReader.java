package dev.imagespec.registrar.flyte.connect;

import dev.imagespec.model.IoReason;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.http.Addresses;
import dev.imagespec.runtime.work.BoundedFile;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/** Finds out how to prove who asks, and reads the secret for it. */
final class LoginReader {
  private static final int MAX_SECRET = 1 << 14;

  /** Where flytectl looks if nobody names a file. */
  private static final Path USUAL_FILE = Path.of("/etc/secrets/client_secret");

  private final Layers layers;
  private final Map<String, String> environment;
  private final ConfigurationFiles files;

  LoginReader(Layers layers, Map<String, String> environment, ConfigurationFiles files) {
    this.layers = layers;
    this.environment = environment;
    this.files = files;
  }

  /**
   * How to prove who asks.
   *
   * @throws ImageSpecException if something is missing or wrong
   */
  Login read(URI endpoint) {
    Optional<Value> none = layers.setting(Key.AUTH).filter(auth -> Way.of(auth) == Way.NONE);
    if (none.isPresent()) {
      return new Login.None(none.get().where());
    }
    if (endpoint.getScheme().equals("http")) {
      if (!hasCredential(layers::setting) && !isAsked()) {
        if (!hasCredential(layers::inFile) || !Addresses.isLoopback(endpoint.getHost())) {
          return new Login.None("plain HTTP carries no credential");
        }
      } else if (!Addresses.isLoopback(endpoint.getHost())) {
        throw new ImageSpecException(
            FailureCode.INVALID_SETTING,
            "imagespec.flyte.insecure: a credential is not sent over plain HTTP, where anybody on"
                + " the way could read it. Use https://, or set imagespec.flyte.auth=none.");
      }
    }
    return layers
        .apiKey()
        .<Login>map(key -> new Login.ClientSecret(key.clientId(), key.secret(), key.variable()))
        .orElseGet(this::configured);
  }

  /** Whether a setting asks for a credential to be sent. */
  private boolean isAsked() {
    return layers.apiKey().isPresent() || layers.setting(Key.AUTH).isPresent();
  }

  private static boolean hasCredential(Function<Key, Optional<Value>> layer) {
    return hasSecret(layer) || layer.apply(Key.COMMAND).isPresent();
  }

  private static boolean hasSecret(Function<Key, Optional<Value>> layer) {
    return layer.apply(Key.CLIENT_SECRET_ENV).isPresent()
        || layer.apply(Key.CLIENT_SECRET_FILE).isPresent();
  }

  private Login configured() {
    Optional<Value> auth = layers.get(Key.AUTH);
    if (auth.isEmpty()) {
      return unsaid();
    }
    return switch (Way.of(auth.get())) {
      case CLIENT_SECRET -> clientSecret(auth.get().where());
      case EXTERNAL_COMMAND ->
          layers
              .get(Key.COMMAND)
              .map(command -> new Login.ExternalCommand(command.command()))
              .orElseThrow(() -> auth.get().wrong("needs imagespec.flyte.command too."));
      case DEVICE_FLOW ->
          new Login.DeviceFlow(layers.get(Key.CLIENT_ID).map(Value::text).orElse(""));
      case NONE -> new Login.None(auth.get().where());
      case API_KEY ->
          throw auth.get().wrong("is for the setting imagespec.flyte.auth, not for a file.");
      case PKCE -> {
        if (hasSecret(layers::get)) {
          // As Flyte's Python client, which takes a secret before a browser.
          yield clientSecret(auth.get().where());
        }
        throw unsupported(
            auth.get(), "Pkce opens a browser on this machine, which a build cannot wait for.");
      }
      case PASSTHROUGH ->
          throw unsupported(auth.get(), "Passthrough takes the headers of a program's caller.");
    };
  }

  private static ImageSpecException unsupported(Value auth, String why) {
    return new ImageSpecException(
        FailureCode.UNSUPPORTED,
        auth.where()
            + ": "
            + why
            + " Set FLYTE_API_KEY, or imagespec.flyte.auth to client-secret, external-command, or"
            + " device-flow, which takes a browser on any device.");
  }

  private Login unsaid() {
    if (hasSecret(layers::get)) {
      return clientSecret(
          layers.get(Key.CLIENT_SECRET_ENV).or(() -> layers.get(Key.CLIENT_SECRET_FILE)).stream()
              .map(Value::where)
              .findFirst()
              .orElseThrow());
    }
    return layers
        .get(Key.COMMAND)
        .<Login>map(command -> new Login.ExternalCommand(command.command()))
        .orElseGet(() -> new Login.None("nothing says how"));
  }

  private Login clientSecret(String where) {
    String id =
        layers
            .get(Key.CLIENT_ID)
            .map(Value::text)
            .orElseThrow(
                () ->
                    new ImageSpecException(
                        FailureCode.INVALID_SETTING,
                        where + ": a secret needs its client: set imagespec.flyte.client-id."));
    return secret(id, layers::setting)
        .or(() -> secret(id, layers::inFile))
        .orElseGet(() -> usualSecret(id, where));
  }

  private Optional<Login> secret(String id, Function<Key, Optional<Value>> layer) {
    Optional<Value> variable = layer.apply(Key.CLIENT_SECRET_ENV);
    Optional<Value> file = layer.apply(Key.CLIENT_SECRET_FILE);
    String value = variable.map(one -> environment.getOrDefault(one.text(), "").strip()).orElse("");
    if (!value.isEmpty()) {
      return Optional.of(login(id, value, variable.orElseThrow()));
    }
    if (file.isPresent()) {
      return Optional.of(login(id, read(file.get()), file.get()));
    }
    if (variable.isPresent()) {
      // Not with its name: somebody may have put the secret itself there.
      throw variable
          .get()
          .wrong("the environment variable of this name is not set. It must hold the secret.");
    }
    return Optional.empty();
  }

  private String read(Value value) {
    return read(files.resolve(value.where(), value.text()), value);
  }

  private static String read(Path file, Value value) {
    try {
      return new String(BoundedFile.read(file, MAX_SECRET), StandardCharsets.UTF_8).strip();
    } catch (IOException e) {
      throw value.wrong(
          "the file with the secret cannot be read: " + IoReason.withoutPath(e) + ".");
    }
  }

  private static Login login(String id, String secret, Value value) {
    if (secret.isEmpty()) {
      throw value.wrong("the secret is empty.");
    }
    if (secret.chars().anyMatch(Character::isISOControl)) {
      throw value.wrong("the secret holds a line break or another control character.");
    }
    return new Login.ClientSecret(id, secret, value.where());
  }

  private static Login usualSecret(String id, String where) {
    if (!Files.exists(USUAL_FILE)) {
      throw new ImageSpecException(
          FailureCode.INVALID_SETTING,
          where
              + ": nothing names the secret of client "
              + id
              + ". Set imagespec.flyte.client-secret-env to the name of an environment variable,"
              + " or imagespec.flyte.client-secret-file to a file.");
    }
    Value usual = new Value(USUAL_FILE.toString(), FailureCode.INVALID_FILE, List.of(""), false);
    return login(id, read(USUAL_FILE, usual), usual);
  }
}
