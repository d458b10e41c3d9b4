package dev.imagespec.registrar.flyte.connect;

import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.http.Addresses;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Who says what: settings go before the API key, and that before the file. */
final class Layers {
  /** The settings that say how to prove who asks. */
  private static final Set<Key> CREDENTIALS =
      Set.of(Key.CLIENT_ID, Key.CLIENT_SECRET_ENV, Key.CLIENT_SECRET_FILE, Key.COMMAND);

  private final Map<Key, Value> settings;
  private final Optional<ApiKey> apiKey;
  private final Optional<ConfigurationFile> file;

  private Layers(
      Map<Key, Value> settings, Optional<ApiKey> apiKey, Optional<ConfigurationFile> file) {
    this.settings = settings;
    this.apiKey = apiKey;
    this.file = file;
  }

  static Layers of(
      Map<String, String> named, Map<String, String> environment, ConfigurationFiles files) {
    Map<Key, Value> settings = new EnumMap<>(Key.class);
    for (Key key : Key.values()) {
      String text = named.getOrDefault(key.setting(), "");
      if (!key.setting().isEmpty() && !text.isBlank()) {
        settings.put(key, Value.setting(key.setting(), text));
      }
    }
    Optional<Value> config =
        Optional.of(named.getOrDefault(Key.CONFIG, ""))
            .filter(text -> !text.isBlank())
            .map(text -> Value.setting(Key.CONFIG, text));
    Optional<Value> endpoint = Optional.ofNullable(settings.get(Key.ENDPOINT));
    Optional<ApiKey> apiKey = apiKey(settings, config.isPresent(), environment);
    Optional<Value> wanted = endpoint.or(() -> apiKey.map(Layers::endpoint));
    return new Layers(settings, apiKey, file(config, wanted, files));
  }

  private static Optional<ApiKey> apiKey(
      Map<Key, Value> settings, boolean isConfigNamed, Map<String, String> environment) {
    Optional<Value> auth = Optional.ofNullable(settings.get(Key.AUTH));
    boolean isAsked = auth.isPresent() && Way.of(auth.get()) == Way.API_KEY;
    boolean isElse =
        auth.isPresent()
            || isConfigNamed
            || settings.keySet().stream().anyMatch(CREDENTIALS::contains);
    if (!isAsked && isElse) {
      return Optional.empty();
    }
    Optional<ApiKey> key = ApiKey.of(environment);
    if (isAsked && key.isEmpty()) {
      throw auth.get().wrong("needs an API key in the environment variable FLYTE_API_KEY.");
    }
    Optional<Value> endpoint = Optional.ofNullable(settings.get(Key.ENDPOINT));
    if (key.isEmpty() || endpoint.isEmpty() || isSame(endpoint.get(), endpoint(key.get()))) {
      return key;
    }
    if (isAsked) {
      throw endpoint
          .get()
          .wrong(
              "is not the endpoint of the API key in "
                  + key.get().variable()
                  + "; leave it out, since the key names its own.");
    }
    return Optional.empty();
  }

  private static Optional<ConfigurationFile> file(
      Optional<Value> config, Optional<Value> wanted, ConfigurationFiles files) {
    if (config.isEmpty()) {
      return files.first(
          file ->
              wanted.isEmpty()
                  || file.get(Key.ENDPOINT).filter(own -> isSame(own, wanted.get())).isPresent());
    }
    ConfigurationFile file = files.named(config.get());
    Optional<Value> own = file.get(Key.ENDPOINT);
    if (own.isPresent() && wanted.isPresent() && !isSame(own.get(), wanted.get())) {
      throw wanted
          .get()
          .wrong(
              "is another endpoint than that of " + own.get().where() + "; leave one of them out.");
    }
    return Optional.of(file);
  }

  /** Whether both name the same host and port, with TLS or without. */
  private static boolean isSame(Value a, Value b) {
    return Addresses.sameOrigin(EndpointText.parse(a, false), EndpointText.parse(b, false));
  }

  private static Value endpoint(ApiKey key) {
    return new Value(
        "environment variable " + key.variable(),
        FailureCode.INVALID_SETTING,
        List.of(key.endpoint()),
        false);
  }

  /** The API key, if it is the one to use. */
  Optional<ApiKey> apiKey() {
    return apiKey;
  }

  /** The file, if there is one. */
  Optional<ConfigurationFile> file() {
    return file;
  }

  /** What a setting says. */
  Optional<Value> setting(Key key) {
    return Optional.ofNullable(settings.get(key));
  }

  /** What the file says. */
  Optional<Value> inFile(Key key) {
    return file.flatMap(one -> one.get(key));
  }

  /** What a setting says, or else the file. */
  Optional<Value> get(Key key) {
    return setting(key).or(() -> inFile(key));
  }

  /**
   * The endpoint.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_SETTING} if nobody says it
   */
  Value endpoint() {
    return findEndpoint()
        .orElseThrow(
            () ->
                new ImageSpecException(
                    FailureCode.INVALID_SETTING,
                    "No Flyte endpoint is configured. " + FlyteConnection.HOW_TO_CONFIGURE));
  }

  /** The endpoint; empty if nobody says it. */
  Optional<Value> findEndpoint() {
    return setting(Key.ENDPOINT)
        .or(() -> apiKey.map(Layers::endpoint))
        .or(() -> inFile(Key.ENDPOINT));
  }
}
