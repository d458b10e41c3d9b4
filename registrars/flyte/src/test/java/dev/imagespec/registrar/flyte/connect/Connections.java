package dev.imagespec.registrar.flyte.connect;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** Connections to a server of the test, on a clock of the test. */
final class Connections {
  private final Path folder;
  final Time time = new Time();

  Connections(Path folder) {
    this.folder = folder;
  }

  FlyteConnection of(Map<String, String> settings, Map<String, String> environment) {
    return of(settings, environment, Duration.ofSeconds(20));
  }

  FlyteConnection of(
      Map<String, String> settings, Map<String, String> environment, Duration patience) {
    Configuration configuration =
        ConfigurationReader.read(
            settings, environment, folder.resolve("home"), folder.resolve("project"));
    return new FlyteConnection(configuration, environment, time::now, time.sleeper(), patience);
  }

  /** With a client's secret. */
  FlyteConnection with(TestServer server, String... more) {
    return withSecret(server, Flyte.SECRET, more);
  }

  FlyteConnection withSecret(TestServer server, String secret, String... more) {
    Map<String, String> settings = new HashMap<>();
    settings.put("endpoint", server.address().toString());
    settings.put("auth", "client-secret");
    settings.put("client-id", Flyte.CLIENT);
    settings.put("client-secret-env", "FLYTE_SECRET");
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return of(settings, Map.of("FLYTE_SECRET", secret));
  }

  static FlyteConnection.Answer tasks(FlyteConnection connection) {
    return connection.send("GET", "/api/v1/tasks", Map.of(), null);
  }

  static ImageSpecException failure(FailureCode code, ThrowingCallable call) {
    ImageSpecException failure = catchThrowableOfType(ImageSpecException.class, call);
    assertThat(failure).as("it fails").isNotNull();
    assertThat(failure.code()).as(failure.getMessage()).isEqualTo(code);
    return failure;
  }
}
