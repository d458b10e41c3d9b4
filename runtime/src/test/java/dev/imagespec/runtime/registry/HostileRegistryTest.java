package dev.imagespec.runtime.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.model.RepositoryName;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageRegistrar;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.Realm;
import dev.imagespec.runtime.Registration;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.http.Addresses;
import dev.imagespec.runtime.http.RetryPolicy;
import dev.imagespec.runtime.oci.MediaType;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.registry.auth.Credential;
import dev.imagespec.testkit.Fault;
import dev.imagespec.testkit.Journal;
import dev.imagespec.testkit.RegistryServer;
import dev.imagespec.testkit.TestImage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A registry that means harm, or that somebody stands before: it learns no credential that is not
 * its own, and makes no run hang, exhaust the memory or take wrong bytes for right ones.
 *
 * <p>The registry stands on 127.0.0.1, who is in league with it on localhost: another host.
 */
@Timeout(60)
class HostileRegistryTest {
  private static final String SECRET = "s3cret-canary";
  private static final String OCI = "application/vnd.oci.image.manifest.v1+json";
  private static final String INDEX = "application/vnd.oci.image.index.v1+json";
  private static final TestImage IMAGE = TestImage.small();
  private static final Digest BLOB = IMAGE.blobDigests().get(0);

  private final RegistryServer registry = RegistryServer.bearer("me", SECRET);
  private final RegistryServer open = RegistryServer.anonymous();
  private final RegistryServer evil = RegistryServer.bearer("me", "");
  private final List<Duration> waits = new ArrayList<>();
  private final RegistryClient client = client(List.of());

  private RegistryClient client(List<Realm> realms) {
    return RegistryClient.builder()
        .credentials(
            host ->
                host.toString().equals(registry.registry())
                    ? Optional.of(new Credential("me", SECRET))
                    : Optional.empty())
        .realms(realms)
        .idle(Duration.ofSeconds(1))
        .environment(Map.of())
        .retry(new RetryPolicy(3, waits::add, () -> 1))
        .build();
  }

  @AfterEach
  void stop() {
    client.close();
    registry.close();
    open.close();
    evil.close();
  }

  private static Repository app(RegistryServer server) {
    return new Repository(Registry.parse(server.registry()), new RepositoryName("team/app"));
  }

  private static String elsewhere(RegistryServer server) {
    return server.registry().replace("127.0.0.1", "localhost");
  }

  /** It fails with this, says so without the secret, and nobody else was told that. */
  private void fails(FailureCode code, ThrowingCallable call) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ImageSpecException.class,
            e -> {
              assertThat(e.code()).as(e.getMessage()).isEqualTo(code);
              for (Throwable t = e; t != null; t = t.getCause()) {
                assertThat(t.toString()).doesNotContain(SECRET).doesNotContain(basic());
              }
            });
    evilLearnedNothing();
  }

  private void evilLearnedNothing() {
    assertThat(evil.journal().entries())
        .allSatisfy(
            entry -> {
              assertThat(entry.authorized()).isFalse();
              assertThat(entry.path()).doesNotContain(SECRET);
            });
  }

  private static String basic() {
    return Base64.getEncoder().encodeToString(("me:" + SECRET).getBytes(StandardCharsets.UTF_8));
  }

  private static Fault manifest(String type, String json) {
    return Fault.respond("GET manifest", 9, 200, json, Map.of("Content-Type", type));
  }

  // Realms

  @Test
  void anEvilRealmIsToldNothingAndTheSettingIsNamed() {
    registry.realm("http://" + elsewhere(evil) + "/token");
    fails(FailureCode.PROTOCOL, () -> client.blobs().exists(app(registry), BLOB));
    assertThat(evil.journal().entries()).isEmpty();
    String setting = registry.registry() + "=" + elsewhere(evil);
    assertThatThrownBy(() -> client.blobs().exists(app(registry), BLOB))
        .hasMessageContaining("imagespec.realms=" + setting)
        .hasMessageContaining("--realm " + setting);
  }

  @Test
  void aRealmThatTheSettingNamesIsUsedForThatRegistryAlone() {
    try (RegistryServer tokens = RegistryServer.bearer("me", SECRET)) {
      registry.realm("http://" + elsewhere(tokens) + "/token");
      try (RegistryClient trusting =
          client(List.of(Realm.parse(registry.registry() + "=" + elsewhere(tokens))))) {
        // The token is another server's and is refused, but it was asked for, with the password.
        fails(FailureCode.UNAUTHORIZED, () -> trusting.blobs().exists(app(registry), BLOB));
      }
      assertThat(tokens.journal().count(e -> e.operation().equals("GET token") && e.authorized()))
          .isPositive();
      tokens.journal().clear();
      for (String other :
          List.of(
              "ghcr.io=" + elsewhere(tokens),
              registry.registry() + "=localhost",
              registry.registry() + "=localhost:1")) {
        try (RegistryClient careful = client(List.of(Realm.parse(other)))) {
          fails(FailureCode.PROTOCOL, () -> careful.blobs().exists(app(registry), BLOB));
        }
      }
      assertThat(tokens.journal().entries()).isEmpty();
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://evil.example/token",
        "https://127.0.0.1.evil.example/token",
        "https://evil.example\\@127.0.0.1/token",
        "https://me@127.0.0.1/token",
        "http://192.0.2.1/token",
        "ftp://127.0.0.1/token",
        "//evil.example/token",
        "file:///etc/passwd",
        "mailto:me@evil.example",
        "http://[::1/token",
        " ",
        ""
      })
  void noRealmOfAnotherKindGetsTheCredential(String realm) {
    registry.realm(realm);
    fails(FailureCode.PROTOCOL, () -> client.blobs().exists(app(registry), BLOB));
    assertThat(registry.journal().count("GET token")).isZero();
  }

  @Test
  void aTokenServerThatRedirectsIsNotFollowed() {
    registry.inject(
        Fault.respond(
            "GET token", 9, 307, "", Map.of("Location", "http://" + elsewhere(evil) + "/token")));
    fails(FailureCode.PROTOCOL, () -> client.blobs().exists(app(registry), BLOB));
    assertThat(evil.journal().entries()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\\r\\nX-Evil: 1", "a b", "", "\\u0000", "täst"})
  void aTokenThatIsNoneIsNotSent(String token) {
    registry.inject(Fault.respond("GET token", 9, 200, "{\"token\":\"" + token + "\"}", Map.of()));
    fails(FailureCode.PROTOCOL, () -> client.blobs().exists(app(registry), BLOB));
    assertThat(registry.journal().count("HEAD blob")).isEqualTo(1);
  }

  @Test
  void aTokenServerThatFloodsOrDripsIsGivenUp() {
    registry.inject(Fault.flood("GET token", 1, 200));
    fails(FailureCode.PROTOCOL, () -> client.blobs().exists(app(registry), BLOB));
    registry.inject(Fault.drip("GET token", 9));
    fails(FailureCode.UNREACHABLE, () -> client.blobs().exists(app(registry), BLOB));
  }

  @Test
  void hugeChallengesAreNotReadAndNotTakenForAWrongPassword() {
    registry.inject(
        Fault.respond(
            "HEAD blob",
            1,
            401,
            "",
            Map.of("WWW-Authenticate", "Bearer realm=\"" + "\\a".repeat(50_000) + "\"")));
    fails(FailureCode.PROTOCOL, () -> client.blobs().exists(app(registry), BLOB));
  }

  // Locations and redirects

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://EVIL/v2/x/blobs/uploads/1",
        "//EVIL/v2/x",
        "https://127.0.0.1/v2/x",
        "http://127.0.0.1\\@EVIL/",
        "mailto:x",
        "http://[",
        "%",
        ""
      })
  void noLocationButTheRegistrysOwnIsSentABlob(String location) {
    registry.inject(
        Fault.respond(
            "POST upload",
            9,
            202,
            "",
            Map.of("Location", location.replace("EVIL", elsewhere(evil)))));
    fails(
        FailureCode.PROTOCOL,
        () -> client.uploads().upload(app(registry), BlobSource.of(new byte[9])));
    assertThat(evil.journal().entries()).isEmpty();
    assertThat(registry.journal().count("PUT blob")).isZero();
  }

  @Test
  void aRedirectedReaderShowsNoCredentialAndTakesNoWrongBytes() {
    registry.push("team/app", "1", IMAGE);
    evil.push("x", "1", TestImage.builder().layer("evil", "evil").build());
    Digest wrong = TestImage.builder().layer("evil", "evil").build().blobDigests().get(0);
    try (RegistryServer store = RegistryServer.anonymous()) {
      store.push("x", "1", TestImage.builder().layer("evil", "evil").build());
      registry.inject(
          Fault.respond(
              "GET blob",
              9,
              307,
              "",
              Map.of("Location", "http://" + elsewhere(store) + "/v2/x/blobs/" + wrong)));
      fails(FailureCode.DIGEST_MISMATCH, () -> client.blobs().read(app(registry), BLOB, -1));
      assertThat(store.journal().entries()).isNotEmpty().noneMatch(Journal.Entry::authorized);
    }
  }

  @Test
  void redirectsEnd() {
    registry.inject(Fault.respond("GET blob", 99, 307, "", Map.of("Location", "?again")));
    fails(FailureCode.PROTOCOL, () -> client.blobs().read(app(registry), BLOB, -1));
    assertThat(registry.journal().count("GET blob")).isLessThan(10);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"http://192.0.2.1/x", "ftp://x.example/", "file:///etc/passwd", "%", "mailto:x"})
  void noReaderGoesWhereNobodyMaySend(String location) {
    registry.inject(Fault.respond("GET blob", 9, 307, "", Map.of("Location", location)));
    fails(FailureCode.PROTOCOL, () -> client.blobs().read(app(registry), BLOB, -1));
  }

  @Test
  void onlyPlainRegistriesOfThisMachineSendReadersToItsPlainPorts() {
    java.net.URI plain = java.net.URI.create("http://127.0.0.1:1/");
    assertThat(Addresses.isSafe(Endpoint.root(Registry.parse("127.0.0.1:5000")), plain)).isTrue();
    assertThat(Addresses.isSafe(Endpoint.root(Registry.parse("ghcr.io")), plain)).isFalse();
  }

  // Lies

  @Test
  void aManifestUnderAnotherDigestIsRefused() {
    open.push("team/app", "1", IMAGE);
    open.inject(manifest(OCI, "{\"mediaType\":\"" + OCI + "\"}"));
    fails(
        FailureCode.DIGEST_MISMATCH,
        () -> client.manifests().get(app(open), IMAGE.digest().toString()));
    open.inject(
        Fault.respond(
            "PUT manifest",
            1,
            201,
            "",
            Map.of("Docker-Content-Digest", "sha256:" + "0".repeat(64))));
    RawManifest mine =
        RawManifest.of(
            MediaType.OCI_MANIFEST,
            open.manifest("team/app", "1").orElseThrow().getBytes(StandardCharsets.UTF_8));
    fails(FailureCode.DIGEST_MISMATCH, () -> client.manifests().put(app(open), "2", mine));
  }

  @Test
  void aManifestOfAnotherTypeThanItSaysIsRefused() {
    open.push("team/app", "1", IMAGE);
    open.inject(manifest(OCI, "{\"mediaType\":\"" + INDEX + "\"}"));
    fails(FailureCode.PROTOCOL, () -> client.manifests().get(app(open), "1"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "application/vnd.oci",
        "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json",
        "application/vnd.oci.image.config.v1+json",
        "application/vnd.docker.distribution.manifest.v1+prettyjws",
        "application/json"
      })
  void aTypeThatIsNoImagesIsRefused(String type) {
    open.push("team/app", "1", IMAGE);
    open.inject(manifest(type, "{}"));
    assertThatThrownBy(() -> client.manifests().get(app(open), "1"))
        .isInstanceOfSatisfying(
            ImageSpecException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.PROTOCOL))
        .hasMessageContaining("which is no image");
  }

  @Test
  void aTypeMayHaveParameters() {
    open.push("team/app", "1", IMAGE);
    open.inject(manifest(OCI + " ; charset=utf-8", "{}"));
    assertThat(client.manifests().get(app(open), "1").orElseThrow().mediaType())
        .isEqualTo(MediaType.OCI_MANIFEST);
  }

  @ParameterizedTest
  @ValueSource(strings = {"sha256:../../etc", "sha256:", "sha256:ABC"})
  void aDigestThatIsNoneIsRefused(String digest) {
    open.push("team/app", "1", IMAGE);
    open.inject(
        Fault.respond("HEAD manifest", 1, 200, "", Map.of("Docker-Content-Digest", digest)));
    fails(FailureCode.PROTOCOL, () -> client.manifests().digest(app(open), "1"));
  }

  @Test
  void wrongBytesOfALayerReachNoOtherRegistry() {
    open.push("team/app", "1", IMAGE);
    long size = open.blob("team/app", BLOB).orElseThrow().length;
    open.inject(Fault.respond("GET blob", 9, 200, "x".repeat((int) size), Map.of()));
    BlobSource layer = client.blobs().source(app(open), BLOB, size);
    fails(FailureCode.DIGEST_MISMATCH, () -> client.uploads().upload(app(registry), layer));
    assertThat(registry.blob("team/app", BLOB)).isEmpty();
    assertThat(registry.journal().count("PUT blob")).isZero();
  }

  @Test
  void truncatedBodiesAreReadAgainAndThenSaid() {
    open.push("team/app", "1", IMAGE);
    for (String what : List.of("GET manifest", "GET blob")) {
      open.inject(Fault.truncate(what, 1));
    }
    assertThat(client.manifests().get(app(open), "1")).isPresent();
    assertThat(client.blobs().read(app(open), BLOB, -1)).isNotEmpty();
    open.inject(Fault.truncate("GET manifest", 99));
    fails(FailureCode.UNREACHABLE, () -> client.manifests().get(app(open), "1"));
  }

  @Test
  void aRegistryThatQuotesTheCredentialDoesNotGetItIntoTheMessage() {
    try (RegistryServer basic = RegistryServer.basic("me", SECRET);
        RegistryClient me =
            RegistryClient.builder()
                .credentials(host -> Optional.of(new Credential("me", SECRET)))
                .environment(Map.of())
                .retry(new RetryPolicy(2, waits::add, () -> 1))
                .build()) {
      for (int status : new int[] {400, 403, 429, 500}) {
        basic.inject(
            Fault.respond(
                "GET manifest",
                status < 429 ? 1 : 2,
                status,
                "{\"errors\":[{\"code\":\"DENIED\",\"message\":\"me:"
                    + SECRET
                    + " and Basic "
                    + basic()
                    + " may not\"}]}",
                Map.of()));
        assertThatThrownBy(() -> me.manifests().get(app(basic), "1"))
            .hasMessageNotContaining(SECRET)
            .hasMessageNotContaining(basic())
            .hasMessageContaining("may not");
      }
    }
  }

  /** Where a registry quotes a credential back, as a fault that does. */
  static Stream<Function<String, Fault>> quotes() {
    return Stream.of(
        quote -> manifest("text/" + quote, "{}"),
        // Shortened within the credential.
        quote -> manifest("t".repeat(90) + quote, "{}"),
        quote -> manifest(OCI, "{\"mediaType\":\"" + json(quote) + "\"}"),
        quote -> manifest(OCI, "{\"config\":{\"digest\":\"" + json(quote) + "\"}}"),
        quote -> manifest(OCI, "{" + quote + "}"),
        quote -> manifest(OCI, quote),
        quote -> error("{\"errors\":[{\"code\":\"" + json(quote) + "\",\"message\":\"no\"}]}"),
        quote -> error("{\"errors\":[{\"code\":\"NO\",\"message\":\"" + json(quote) + "\"}]}"),
        quote -> error("{\"errors\":[{\"message\":\"" + ascii(quote) + "\"}]}"),
        quote -> error("<p>" + json(quote)),
        quote -> error("<p>" + quote),
        quote -> error("n".repeat(390) + quote),
        quote -> error(" ".repeat((1 << 16) - 10) + quote),
        quote -> header(200, "Docker-Content-Digest", "sha256:" + quote),
        quote -> header(307, "Location", "http://" + host(quote) + ".invalid/"),
        quote -> header(307, "Location", "https://" + host(quote) + ".invalid/"),
        quote -> header(307, "Location", "mailto:" + quote),
        quote -> header(401, "WWW-Authenticate", "Bearer realm=\"https://" + host(quote) + "/\""),
        quote -> header(401, "WWW-Authenticate", "Bearer realm=\"" + quote + "\""),
        quote -> header(401, "WWW-Authenticate", quote),
        quote -> header(429, "Retry-After", quote));
  }

  private static Fault error(String body) {
    return Fault.respond("GET manifest", 9, 400, body, Map.of());
  }

  private static Fault header(int status, String name, String value) {
    return Fault.respond("GET manifest", 9, status, "{}", Map.of("Content-Type", OCI, name, value));
  }

  private static String host(String quote) {
    return quote.replaceAll("[^A-Za-z0-9.-]", "-");
  }

  private static String json(String text) {
    return text.replace("\\", "\\\\").replace("\"", "\\\"");
  }

  private static String ascii(String text) {
    return text.chars()
        .mapToObj(c -> String.format(Locale.ROOT, "\\u%04x", c))
        .collect(Collectors.joining());
  }

  @ParameterizedTest
  @MethodSource("quotes")
  void noQuotedCredentialGetsIntoAMessage(Function<String, Fault> quoting) {
    for (String password : List.of(SECRET, "p\"ss\\w/rd+%41 x")) {
      String pair = "me:" + password;
      String base64 = Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8));
      for (String quote :
          List.of(password, pair, base64, URLEncoder.encode(password, StandardCharsets.UTF_8))) {
        try (RegistryServer basic = RegistryServer.basic("me", password);
            RegistryClient me =
                RegistryClient.builder()
                    .credentials(host -> Optional.of(new Credential("me", password)))
                    .environment(Map.of())
                    .retry(new RetryPolicy(2, waits::add, () -> 1))
                    .build()) {
          basic.inject(quoting.apply(quote));
          Throwable thrown =
              catchThrowable(() -> me.manifests().get(app(basic), "1").orElseThrow().parse());
          assertThat(thrown).isInstanceOf(ImageSpecException.class);
          // A message may be shortened: not even the start of it.
          String told = printed(thrown);
          for (String secret : List.of(password, json(password), ascii(password), base64, quote)) {
            assertThat(told).doesNotContainIgnoringCase(secret.substring(0, 9));
          }
        }
      }
    }
  }

  /** The token of a token server, and what a token server is asked with. */
  @ParameterizedTest
  @MethodSource("quotes")
  void noQuotedTokenGetsIntoAMessage(Function<String, Fault> quoting) {
    String bearer = "eyJhbGciOi.canary-bearer_token~+/x==";
    String identity = "canary-\"identity\\token/+%41";
    for (String secret : List.of(bearer, identity)) {
      for (String quote :
          List.of(
              secret,
              "Bearer " + secret,
              Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8)),
              URLEncoder.encode(secret, StandardCharsets.UTF_8))) {
        try (RegistryServer server = RegistryServer.bearer("me", identity);
            RegistryClient me = withToken(identity)) {
          server.inject(quoting.apply(quote));
          // The last one counts: first the challenge, so that the token is asked for and sent.
          server.inject(
              Fault.respond(
                  "GET manifest",
                  1,
                  401,
                  "",
                  Map.of("WWW-Authenticate", "Bearer realm=\"" + server.realm() + "\"")));
          server.inject(
              Fault.respond("POST token", 9, 200, "{\"token\":\"" + bearer + "\"}", Map.of()));
          hides(() -> me.manifests().get(app(server), "1").orElseThrow().parse(), secret, quote);
          assertThat(server.journal().count("POST token")).isPositive();
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {200, 400, 401, 403, 404, 429, 500})
  void noTokenServerThatQuotesWhatItIsAskedWithGetsItIntoAMessage(int status) {
    String identity = "canary-\"identity\\token/+%41";
    for (String quote : List.of(identity, URLEncoder.encode(identity, StandardCharsets.UTF_8))) {
      for (String body :
          List.of(
              quote,
              "{\"token\":\"" + json(quote) + "\"}",
              "{\"errors\":[{\"code\":\"" + json(quote) + "\",\"message\":\"x\"}]}",
              "{\"errors\":[{\"code\":\"X\",\"message\":\"" + json(quote) + "\"}]}")) {
        try (RegistryServer server = RegistryServer.bearer("me", identity);
            RegistryClient me = withToken(identity)) {
          server.inject(Fault.respond("POST token", 9, status, body, Map.of()));
          hides(() -> me.manifests().get(app(server), "1"), identity, quote);
        }
      }
    }
  }

  private RegistryClient withToken(String identity) {
    return RegistryClient.builder()
        .credentials(host -> Optional.of(Credential.identityToken(identity)))
        .environment(Map.of())
        .retry(new RetryPolicy(2, waits::add, () -> 1))
        .build();
  }

  /** It fails, and says so without the start of these, either: a message may be shortened. */
  private static void hides(ThrowingCallable call, String... secrets) {
    Throwable thrown = catchThrowable(call);
    assertThat(thrown).isInstanceOf(ImageSpecException.class);
    for (String secret : secrets) {
      String start = secret.replaceFirst("^Bearer ", "").substring(0, 9);
      assertThat(printed(thrown)).doesNotContainIgnoringCase(start);
    }
  }

  private static String printed(Throwable thrown) {
    StringWriter text = new StringWriter();
    thrown.printStackTrace(new PrintWriter(text, true));
    return text.toString()
        .lines()
        .filter(line -> !line.startsWith("\tat "))
        .collect(Collectors.joining("\n"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"HTTP/1.1 QUOTE", "HTTP/1.1 4QUOTE no", "QUOTE", "HTTP/1.1 200 OK\r\nQUOTE"})
  void noStatusLineThatQuotesTheCredentialGetsIntoAMessage(String answer) throws Exception {
    try (ServerSocket server = new ServerSocket(0, 9, InetAddress.getLoopbackAddress());
        RegistryClient me =
            RegistryClient.builder()
                .credentials(host -> Optional.of(new Credential("me", SECRET)))
                .environment(Map.of())
                .retry(new RetryPolicy(1, waits::add, () -> 1))
                .build()) {
      Thread thread =
          new Thread(
              () -> {
                try (Socket socket = server.accept()) {
                  boolean unused = socket.getInputStream().read() < 0;
                  String line = answer.replace("QUOTE", SECRET) + "\r\n\r\n";
                  socket.getOutputStream().write(line.getBytes(StandardCharsets.UTF_8));
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      thread.start();
      Repository app = Repository.parse("127.0.0.1:" + server.getLocalPort() + "/team/app");
      Throwable thrown = catchThrowable(() -> me.manifests().get(app, "1"));
      assertThat(thrown).isInstanceOf(ImageSpecException.class);
      assertThat(printed(thrown)).doesNotContain(SECRET);
      thread.join();
    }
  }

  // Bases

  @ParameterizedTest
  @CsvSource({"404, PROTOCOL", "403, DENIED", "307, PROTOCOL", "500, UNREACHABLE"})
  void aBaseWhoseLayerCannotBeReadIsSaidOfTheBase(int status, FailureCode code) {
    open.push("base", "1", IMAGE);
    long size = open.blob("base", BLOB).orElseThrow().length;
    open.inject(
        Fault.respond(
            "GET blob",
            99,
            status,
            "{\"errors\":[{\"code\":\"NAME_UNKNOWN\"}]}",
            Map.of("Location", "http://192.0.2.1/x")));
    failsOfTheBase(code, size);
    assertThat(registry.journal().count("PUT blob")).isZero();
  }

  @Test
  void aBaseWhoseLayerBreaksOffIsSaidOfTheBase() {
    open.push("base", "1", IMAGE);
    long size = open.blob("base", BLOB).orElseThrow().length;
    open.inject(Fault.truncate("GET blob", 99));
    failsOfTheBase(FailureCode.UNREACHABLE, size);
    open.inject(Fault.reset("GET blob", 99));
    failsOfTheBase(FailureCode.UNREACHABLE, size);
    assertThat(registry.blob("team/app", BLOB)).isEmpty();
  }

  /** Both registries stand still then; who is waited for is at fault. */
  @Test
  void aBaseThatStallsInTheMiddleOfALayerIsSaidOfTheBase() {
    TestImage large = largeImage();
    open.push("base", "1", large);
    Digest layer = large.blobDigests().get(0);
    long size = open.blob("base", layer).orElseThrow().length;
    open.inject(Fault.stall("GET blob", 99));
    failsOfTheBase(FailureCode.UNREACHABLE, layer, size);
    assertThat(registry.blob("team/app", layer)).isEmpty();
  }

  /** It has its own limit on waiting for the bytes, which is shorter than ours. */
  @Test
  void aTargetThatGivesUpWhileTheBaseStallsIsNotBlamed() throws Exception {
    TestImage large = largeImage();
    open.push("base", "1", large);
    Digest layer = large.blobDigests().get(0);
    long size = open.blob("base", layer).orElseThrow().length;
    open.inject(Fault.stall("GET blob", 99));
    Thread thread;
    try (ServerSocket server = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
      thread = new Thread(() -> takeUploadsAndGiveUp(server));
      thread.start();
      Repository target = Repository.parse("127.0.0.1:" + server.getLocalPort() + "/team/app");
      BlobSource source =
          client.blobs().source(Repository.parse(open.registry() + "/base"), layer, size);
      assertThatThrownBy(() -> client.uploads().upload(target, source))
          .isInstanceOf(ImageSpecException.class)
          .hasMessageContaining(open.registry())
          .hasMessageNotContaining(target.registry().toString());
    }
    thread.join();
  }

  private static void takeUploadsAndGiveUp(ServerSocket server) {
    while (!server.isClosed()) {
      try (Socket socket = server.accept()) {
        byte[] head = new byte[4096];
        int read = socket.getInputStream().read(head);
        String start = new String(head, 0, Math.max(0, read), StandardCharsets.UTF_8);
        if (start.startsWith("POST")) {
          String answer =
              "HTTP/1.1 202 Accepted\r\nLocation: /v2/team/app/blobs/uploads/1\r\n"
                  + "Content-Length: 0\r\nConnection: close\r\n\r\n";
          socket.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
        } else {
          Thread.sleep(300);
        }
      } catch (IOException e) {
        // The client or the test has closed it.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static TestImage largeImage() {
    byte[] noise = new byte[400_000];
    new Random(1).nextBytes(noise);
    return TestImage.builder().layer("noise", new String(noise, StandardCharsets.UTF_8)).build();
  }

  @ParameterizedTest
  @ValueSource(longs = {0, 7, -1, 1, 1L << 62})
  void aLayerOfAnotherSizeThanItsManifestSaysReachesNoOtherRegistry(long size) {
    open.push("base", "1", IMAGE);
    long right = open.blob("base", BLOB).orElseThrow().length;
    long wrong = size == -1 || size == 1 ? right + size : size;
    failsOfTheBase(FailureCode.PROTOCOL, wrong);
    assertThat(registry.blob("team/app", BLOB)).isEmpty();
    assertThat(registry.journal().count("PUT blob")).isZero();
    assertThat(open.journal().entries()).as("not read again").hasSize(1);
  }

  /** Its bytes do not pass then, but the registry says how many it has. */
  @ParameterizedTest
  @ValueSource(longs = {0, 7, -1, 1, 1L << 62})
  void aLayerThatIsThereInAnotherSizeThanItsManifestSaysIsRefused(long size) {
    registry.push("team/app", "1", IMAGE);
    long right = registry.blob("team/app", BLOB).orElseThrow().length;
    long wrong = size == -1 || size == 1 ? right + size : size;
    fails(FailureCode.PROTOCOL, () -> client.blobs().exists(app(registry), BLOB, wrong));
    assertThat(client.blobs().exists(app(registry), BLOB, right)).isTrue();
    registry.inject(Fault.respond("HEAD blob", 1, 200, "", Map.of()));
    assertThat(client.blobs().exists(app(registry), BLOB, right)).as("no length").isTrue();
  }

  /** Without a Content-Length, it is found out while the bytes pass. */
  @ParameterizedTest
  @ValueSource(longs = {0, 1, 100})
  void anEndlessLayerIsSaidOfTheBase(long size) {
    open.inject(Fault.flood("GET blob", 99, 200));
    failsOfTheBase(FailureCode.PROTOCOL, size);
    assertThat(registry.blob("team/app", BLOB)).isEmpty();
    assertThat(open.journal().entries()).as("not read again").hasSize(1);
  }

  @Test
  void anEmptyLayerIsNotTakenForAnother() {
    open.inject(Fault.respond("GET blob", 99, 200, "", Map.of()));
    failsOfTheBase(FailureCode.DIGEST_MISMATCH, 0);
    assertThat(registry.journal().count("PUT blob")).isZero();
  }

  @Test
  void aConfigurationOfAnotherSizeThanItsManifestSaysIsRefused() {
    open.push("team/app", "1", IMAGE);
    int size = open.blob("team/app", BLOB).orElseThrow().length;
    for (long wrong : new long[] {0, size - 1, size + 1, 1L << 62}) {
      fails(FailureCode.PROTOCOL, () -> client.blobs().read(app(open), BLOB, wrong));
    }
    assertThat(client.blobs().read(app(open), BLOB, size)).hasSize(size);
  }

  private void failsOfTheBase(FailureCode code, long size) {
    failsOfTheBase(code, BLOB, size);
  }

  private void failsOfTheBase(FailureCode code, Digest digest, long size) {
    Repository base = Repository.parse(open.registry() + "/base");
    BlobSource layer = client.blobs().source(base, digest, size);
    ThrowingCallable upload = () -> client.uploads().upload(app(registry), layer);
    Throwable thrown = catchThrowable(upload);
    fails(
        code,
        () -> {
          throw thrown;
        });
    assertThat(thrown)
        .hasMessageContaining(open.registry())
        .hasMessageNotContaining(registry.registry());
  }

  @Test
  void aBaseWhoseBytesAreWrongRegistersNothing(@TempDir Path dir) throws IOException {
    try (RegistryServer target = RegistryServer.anonymous()) {
      open.push("base", "1", IMAGE);
      long size = open.blob("base", BLOB).orElseThrow().length;
      // The configuration is read first, and right; then the layer, each time.
      Digest config = IMAGE.blobDigests().get(1);
      String right = new String(open.blob("base", config).orElseThrow(), StandardCharsets.UTF_8);
      open.inject(Fault.respond("GET blob", 99, 200, "x".repeat((int) size), Map.of()));
      open.inject(Fault.respond("GET blob", 2, 200, right, Map.of()));
      Manifest task =
          new Manifest(
              "a.Task",
              target.registry(),
              "team/app",
              open.registry() + "/base:1",
              "",
              List.of(Platform.DEFAULT),
              Manifest.Environment.NONE,
              new Manifest.Payload(
                  false,
                  "",
                  List.of(),
                  List.of(),
                  List.of(),
                  List.of(),
                  List.of(),
                  "",
                  "",
                  List.of(),
                  Map.of("A", "b"),
                  Map.of()),
              Manifest.Repository.DEFAULT);
      Path classes = dir.resolve("classes");
      Path file = classes.resolve(task.resourceName());
      Files.createDirectories(classes.resolve(Manifest.resourceFolder("a.Task")));
      Files.writeString(file, task.toJson());
      Files.createDirectories(classes.resolve("a"));
      Files.writeString(classes.resolve("a/Task.class"), "class");
      Settings settings =
          Settings.builder().noMemory().classPath(List.of(classes)).projectDir(dir).build();
      Registration registration =
          ImageRegistrar.of(settings).withTaskRegistrars(List.of()).register();
      assertThat(registration.tasks()).isEmpty();
      assertThat(registration.failures())
          .singleElement()
          .satisfies(
              failure -> {
                assertThat(failure.code()).isEqualTo(FailureCode.DIGEST_MISMATCH);
                assertThat(failure.message()).contains(open.registry() + "/base");
              });
      assertThat(target.journal().count("PUT manifest")).isZero();
      assertThat(target.blob("team/app", BLOB)).isEmpty();
    }
  }

  // Too much, too slow, for ever

  @Test
  void aManifestOfMoreThanFourMebibytesIsNotRead() {
    open.push("team/app", "1", IMAGE);
    open.inject(Fault.flood("GET manifest", 9, 200));
    fails(FailureCode.PROTOCOL, () -> client.manifests().get(app(open), "1"));
    assertThat(open.journal().count("GET manifest")).as("not tried again").isEqualTo(1);
  }

  @Test
  void aConfigurationThatIsABombIsNotRead() {
    open.push("team/app", "1", IMAGE);
    fails(FailureCode.PROTOCOL, () -> client.blobs().read(app(open), BLOB, 1L << 40));
    assertThat(open.journal().entries()).as("not even asked for").isEmpty();
    open.inject(Fault.flood("GET blob", 9, 200));
    fails(FailureCode.PROTOCOL, () -> client.blobs().read(app(open), BLOB, 100));
    open.inject(Fault.flood("GET blob", 9, 200));
    fails(FailureCode.PROTOCOL, () -> client.blobs().read(app(open), BLOB, -1));
  }

  @Test
  void compressedAnswersAreNotInflated() {
    open.push("team/app", "1", IMAGE);
    open.inject(
        Fault.respond(
            "GET manifest",
            9,
            200,
            "\u001f\u008b",
            Map.of("Content-Type", OCI, "Content-Encoding", "gzip")));
    fails(FailureCode.PROTOCOL, () -> client.manifests().get(app(open), "1"));
  }

  @Test
  void deeplyNestedJsonIsRefused() {
    open.push("team/app", "1", IMAGE);
    open.inject(manifest(OCI, "[".repeat(1_000_000)));
    fails(FailureCode.PROTOCOL, () -> client.manifests().get(app(open), "1"));
  }

  @Test
  void aLayerThatIsLongerThanItsManifestSaysIsCutOff() {
    open.push("team/app", "1", IMAGE);
    open.inject(Fault.flood("GET blob", 9, 200));
    BlobSource layer = client.blobs().source(app(open), BLOB, 100);
    assertThatThrownBy(() -> layer.open().readAllBytes())
        .isInstanceOfSatisfying(
            ImageSpecException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.PROTOCOL))
        .hasMessageContaining(app(open).toString())
        .hasMessageContaining("has 100 bytes according to its manifest");
  }

  @Test
  void endlessErrorsAreReadInPart() {
    open.inject(Fault.flood("GET manifest", 9, 403));
    fails(FailureCode.DENIED, () -> client.manifests().get(app(open), "1"));
  }

  @Test
  void bodiesThatDripAreGivenUp() {
    open.push("team/app", "1", IMAGE);
    open.inject(Fault.drip("GET manifest", 9));
    fails(FailureCode.UNREACHABLE, () -> client.manifests().get(app(open), "1"));
    assertThat(open.journal().count("GET manifest")).isEqualTo(3);
    open.inject(Fault.drip("GET blob", 9));
    fails(FailureCode.UNREACHABLE, () -> client.blobs().read(app(open), BLOB, -1));
  }

  /** Fast enough never to stand still, slow enough to keep somebody waiting for an hour. */
  @Test
  void bodiesThatTrickleWithoutEndAreGivenUp() {
    open.inject(Fault.trickle("GET manifest", 9, 1500));
    fails(FailureCode.UNREACHABLE, () -> client.manifests().get(app(open), "1"));
    open.inject(Fault.trickle("GET blob", 9, 1500));
    BlobSource layer = client.blobs().source(app(open), BLOB, 1L << 40);
    assertThatThrownBy(() -> layer.open().readAllBytes())
        .hasMessageContaining(open.registry())
        .hasMessageContaining("bytes moved in");
  }

  @Test
  void anAnswerThatNeverComesIsGivenUp() {
    open.push("team/app", "1", IMAGE);
    open.inject(Fault.hang("PUT manifest", 9));
    RawManifest manifest =
        RawManifest.of(
            MediaType.OCI_MANIFEST,
            open.manifest("team/app", "1").orElseThrow().getBytes(StandardCharsets.UTF_8));
    fails(FailureCode.UNREACHABLE, () -> client.manifests().put(app(open), "2", manifest));
  }

  @ParameterizedTest
  @ValueSource(strings = {"99999", "-1", "0", "Fri, 31 Dec 9999 23:59:59 GMT", "1e9", "soon"})
  void slowingDownForEverEnds(String retryAfter) {
    open.inject(Fault.respond("HEAD blob", 99, 429, "", Map.of("Retry-After", retryAfter)));
    fails(FailureCode.THROTTLED, () -> client.blobs().exists(app(open), BLOB));
    assertThat(waits).hasSize(2).allMatch(wait -> wait.compareTo(Duration.ofSeconds(30)) <= 0);
  }

  @Test
  void aListOfTagsEnds() {
    open.push("team/app", "1", IMAGE);
    open.inject(
        Fault.respond(
            "GET tags",
            9,
            200,
            "{\"tags\":[\"a\"]}",
            Map.of("Link", "</v2/team/app/tags/list?last=a>; rel=\"next\"")));
    fails(FailureCode.PROTOCOL, () -> client.tags().list(app(open)));
    assertThat(open.journal().count("GET tags")).isEqualTo(2);
  }

  @Test
  void aListOfTagsHasAnEndInOnePage() {
    String tags =
        IntStream.rangeClosed(0, 100_000)
            .mapToObj(i -> "\"t" + i + "\"")
            .collect(Collectors.joining(","));
    open.inject(Fault.respond("GET tags", 1, 200, "{\"tags\":[" + tags + "]}", Map.of()));
    fails(FailureCode.PROTOCOL, () -> client.tags().list(app(open)));
  }

  @Test
  void aListOfTagsIsNotContinuedElsewhere() {
    registry.push("team/app", "1", IMAGE);
    for (String next :
        List.of(
            "http://" + elsewhere(evil) + "/v2/team/app/tags/list", "/v2/other/tags/list", "%")) {
      registry.inject(
          Fault.respond(
              "GET tags", 1, 200, "{\"tags\":[]}", Map.of("Link", "<" + next + ">; rel=\"next\"")));
      fails(FailureCode.PROTOCOL, () -> client.tags().list(app(registry)));
    }
    registry.inject(Fault.respond("GET tags", 1, 200, "{\"tags\":[\"\\u001b[2J\"]}", Map.of()));
    fails(FailureCode.PROTOCOL, () -> client.tags().list(app(registry)));
    assertThat(evil.journal().entries()).isEmpty();
  }
}
