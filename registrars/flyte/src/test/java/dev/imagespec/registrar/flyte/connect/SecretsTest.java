package dev.imagespec.registrar.flyte.connect;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import dev.imagespec.registrar.flyte.connect.TestServer.Request;
import dev.imagespec.registrar.flyte.connect.TestServer.Response;
import dev.imagespec.runtime.ImageSpecException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * No secret gets into what is printed, in a Java virtual machine of its own that logs everything,
 * with servers that quote whatever they receive.
 */
@Timeout(120)
class SecretsTest {
  private static final String SECRET = "s3cret-canary/+%&= ü";
  private static final String TOKEN = "token-canary.eyJhbGci~+/x==";
  private static final String RENEWAL = "renewal-canary/+1";
  private static final String DEVICE = "device-canary/+2";

  @TempDir Path dir;

  @Test
  void nothingThatIsPrintedHoldsASecret() throws Exception {
    Path printed = dir.resolve("printed");
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
                "-Djdk.httpclient.HttpClient.log=errors,requests",
                "-cp",
                System.getProperty("java.class.path"),
                SecretsTest.class.getName(),
                dir.toString())
            .redirectErrorStream(true)
            .redirectOutput(printed.toFile())
            .start();
    assertThat(process.waitFor(100, TimeUnit.SECONDS)).isTrue();
    String text = Files.readString(printed);
    assertThat(process.exitValue()).as(text.substring(Math.max(0, text.length() - 2000))).isZero();
    assertThat(text)
        .contains(
            "DEBUG dev.imagespec.runtime.http.Transport",
            "gives no token",
            "rejects a new token",
            "To log in to",
            "the program",
            "is no API key",
            "***");
    for (String secret : List.of(SECRET, TOKEN, RENEWAL, DEVICE)) {
      byte[] bytes = secret.getBytes(StandardCharsets.UTF_8);
      String encoded = Base64.getEncoder().withoutPadding().encodeToString(bytes);
      assertThat(text.lines().filter(line -> line.contains(encoded))).isEmpty();
    }
    assertThat(text.lines().filter(line -> line.contains("canary"))).isEmpty();
  }

  /** Runs in the other machine. */
  public static void main(String[] args) throws Exception {
    Path dir = Path.of(args[0]);
    try (TestServer server = TestServer.plain()) {
      for (int status : List.of(200, 302, 401, 403, 500, 503)) {
        Function<Request, Response> quotes =
            request ->
                Response.json(
                        status,
                        "{\"error\":\"%s\",\"error_description\":\"%s\",\"message\":\"%s\"}"
                            .formatted(
                                request.header("Authorization"),
                                request.body(),
                                request.headers().toString().replace("\"", "")))
                    .with("Location", "https://a.example/?" + request.body())
                    .with("WWW-Authenticate", "Bearer " + request.header("Authorization"));
        Function<Request, Response> quotesPlainly =
            request -> Response.html(status, request.headers() + request.body());
        for (Function<Request, Response> hostile : List.of(quotes, quotesPlainly)) {
          Flyte.two(server);
          server.on(Flyte.TOKEN, hostile).on("POST /oauth2/device", hostile);
          run(dir, clientSecret(server));
          run(dir, deviceFlow(server));
          server
              .on(Flyte.TOKEN, SecretsTest::token)
              .on("POST /oauth2/device", SecretsTest.device(server))
              .on(Flyte.TASKS, hostile)
              .on("POST /api/v1/tasks", hostile);
          run(dir, clientSecret(server));
          run(dir, deviceFlow(server));
          run(dir, command(server, "echo '" + TOKEN + "'"));
        }
      }
      run(dir, command(server, "echo '" + TOKEN + "' two; echo '" + SECRET + "' >&2"));
      run(dir, command(server, "echo '" + TOKEN + "' >&2; exit 1"));
      // What the authorization server says besides is quoted, too.
      Flyte.one(server);
      server.on(Flyte.TOKEN, Response.json(200, "{\"access_token\":\"" + TOKEN + " \"}"));
      run(dir, clientSecret(server));
    }
    Map<String, String> none = Map.of();
    for (String key : List.of(SECRET, "x:" + SECRET, SECRET + "=")) {
      show(dir, none, Map.of("FLYTE_API_KEY", key));
      show(
          dir,
          none,
          Map.of(
              "UNION_API_KEY",
              Base64.getEncoder().encodeToString(key.getBytes(StandardCharsets.UTF_8))));
    }
    for (String name :
        List.of("endpoint", "insecure", "auth", "client-secret-env", "client-secret-file")) {
      // Somebody takes a setting for the place of the secret.
      Map<String, String> settings = new HashMap<>(Map.of("endpoint", "a.example"));
      settings.put(name, SECRET);
      settings.putIfAbsent("client-id", "me");
      show(dir, settings, Map.of());
    }
  }

  private static Map<String, String> base(TestServer server, String... more) {
    Map<String, String> settings = new HashMap<>();
    settings.put("endpoint", server.address().toString());
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return settings;
  }

  private static Map<String, String> clientSecret(TestServer server) {
    return base(
        server, "auth", "client-secret", "client-id", "me", "client-secret-env", "THE_SECRET");
  }

  private static Map<String, String> deviceFlow(TestServer server) {
    return base(server, "auth", "device-flow");
  }

  private static Map<String, String> command(TestServer server, String script) {
    return base(server, "command", "[\"sh\",\"-c\",\"" + script + "\",\"arg-canary\"]");
  }

  private static Response token(Request request) {
    return Response.json(
        200,
        "{\"access_token\":\""
            + TOKEN
            + "\",\"refresh_token\":\""
            + RENEWAL
            + "\",\"expires_in\":1}");
  }

  private static Response device(TestServer server) {
    return Response.json(
        200,
        "{\"device_code\":\"%s\",\"user_code\":\"AB-CD\",\"verification_uri\":\"%s/device\"}"
            .formatted(DEVICE, server.address()));
  }

  private static void run(Path dir, Map<String, String> settings) {
    Connections connections = new Connections(dir);
    try (FlyteConnection connection =
        connections.of(settings, Map.of("THE_SECRET", SECRET, "FLYTE_API_KEY", SECRET))) {
      List<Runnable> steps = new ArrayList<>();
      steps.add(() -> System.out.println(Connections.tasks(connection)));
      steps.add(
          () ->
              System.out.println(
                  connection.send(
                      "POST", "/api/v1/tasks", Map.of(), JsonNodeFactory.instance.objectNode())));
      steps.add(() -> System.out.println(connection.examine()));
      for (Runnable step : steps) {
        try {
          step.run();
        } catch (ImageSpecException e) {
          e.printStackTrace(System.out);
        }
        connections.time.pass(Duration.ofSeconds(2));
      }
      System.out.println(connection + connection.described());
    }
  }

  private static void show(
      Path dir, Map<String, String> settings, Map<String, String> environment) {
    try {
      System.out.println(ConfigurationReader.read(settings, environment, dir, dir));
    } catch (ImageSpecException e) {
      e.printStackTrace(System.out);
    }
  }
}
