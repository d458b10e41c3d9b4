package dev.imagespec.runtime.registry.auth;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.testkit.ExternalTool;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DockerConfigCredentialsTest {
  private static final String SECRET = "s3cret-canary";

  @TempDir Path dir;
  private final Map<String, String> environment = new HashMap<>();

  private DockerConfigCredentials config(String json) {
    try {
      environment.put("PATH", dir + ":" + System.getenv("PATH"));
      Path file = Files.writeString(dir.resolve("config.json"), json);
      return new DockerConfigCredentials(file, environment, Duration.ofSeconds(5));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void helper(String name, String script) throws IOException {
    Path file = dir.resolve("docker-credential-" + name);
    Files.writeString(file, "#!/bin/sh\n" + script + "\n");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwx------"));
  }

  private static String auth() {
    return Base64.getEncoder().encodeToString(("me:" + SECRET).getBytes(StandardCharsets.UTF_8));
  }

  private static void refused(ThrowingCallable call, String... words) {
    assertThatThrownBy(call)
        .isInstanceOfSatisfying(
            ImageSpecException.class,
            e -> {
              assertThat(e.code()).isEqualTo(FailureCode.UNAUTHORIZED);
              assertThat(e).hasMessageContainingAll(words);
              for (Throwable t = e; t != null; t = t.getCause()) {
                assertThat(t.toString()).doesNotContain(SECRET).doesNotContain(auth());
              }
            });
  }

  @ParameterizedTest
  @CsvSource({
    "ghcr.io, ghcr.io",
    "https://ghcr.io, ghcr.io",
    "https://ghcr.io/v2/, ghcr.io",
    "localhost:5000, localhost:5000",
    "https://index.docker.io/v1/, docker.io",
    "https://index.docker.io/v1/, registry-1.docker.io",
    "docker.io, index.docker.io"
  })
  void anEntryOfTheFileIsFoundByItsHost(String key, String registry) {
    DockerConfigCredentials credentials =
        config("{\"auths\":{\"x.example\":{},\"" + key + "\":{\"auth\":\"" + auth() + "\"}}}");
    assertThat(credentials.credential(Registry.parse(registry)))
        .hasValue(new Credential("me", SECRET));
    assertThat(credentials.credential(Registry.parse("quay.io"))).isEmpty();
    assertThat(credentials.credential(Registry.parse("x.example"))).isEmpty();
    assertThat(credentials.credential(Registry.parse(registry)).toString()).doesNotContain(SECRET);
  }

  @Test
  void theConfigurationIsInDockersFolderElseInTheHome() {
    assertThat(DockerConfig.folder(Map.of("HOME", "/x"))).isEqualTo(Path.of("/x/.docker"));
    assertThat(DockerConfig.folder(Map.of("HOME", "/x", "DOCKER_CONFIG", "/y")))
        .isEqualTo(Path.of("/y"));
  }

  @Test
  void userAndPasswordMayStandApart() {
    assertThat(
            config("{\"auths\":{\"a.b\":{\"username\":\"u\",\"password\":\"p:q\"}}}")
                .credential(Registry.parse("a.b")))
        .hasValue(new Credential("u", "p:q"));
  }

  @Test
  void anIdentityTokenIsNoPassword() {
    Credential credential =
        config("{\"auths\":{\"a.b\":{\"auth\":\"" + auth() + "\",\"identitytoken\":\"idt\"}}}")
            .credential(Registry.parse("a.b"))
            .orElseThrow();
    assertThat(credential.isIdentityToken()).isTrue();
    assertThat(credential.password()).isEqualTo("idt");
  }

  @Test
  void theRegistrysOwnHelperIsAskedBeforeThatOfAll() throws IOException {
    helper("own", "read url; echo \"{\\\"Username\\\":\\\"own\\\",\\\"Secret\\\":\\\"$url\\\"}\"");
    helper("all", "read url; echo \"{\\\"Username\\\":\\\"all\\\",\\\"Secret\\\":\\\"$url\\\"}\"");
    DockerConfigCredentials credentials =
        config("{\"credHelpers\":{\"ghcr.io\":\"own\"},\"credsStore\":\"all\"}");
    assertThat(credentials.credential(Registry.parse("ghcr.io")))
        .hasValue(new Credential("own", "ghcr.io"));
    assertThat(credentials.credential(Registry.parse("quay.io")))
        .hasValue(new Credential("all", "quay.io"));
    assertThat(credentials.credential(Registry.parse("docker.io")))
        .hasValue(new Credential("all", "https://index.docker.io/v1/"));
  }

  @Test
  void aHelperIsAskedOnceForARegistry() throws IOException {
    helper(
        "all",
        "echo x >> " + dir.resolve("asked") + "; echo '{\"Username\":\"u\",\"Secret\":\"s\"}'");
    DockerConfigCredentials credentials = config("{\"credsStore\":\"all\"}");
    credentials.credential(Registry.parse("ghcr.io"));
    credentials.credential(Registry.parse("ghcr.io"));
    assertThat(Files.readAllLines(dir.resolve("asked"))).hasSize(1);
  }

  @Test
  void aHelperThatHasNothingLeavesItToTheFile() throws IOException {
    helper("all", "echo credentials not found in native keychain; exit 1");
    String json = "{\"credsStore\":\"all\",\"auths\":{\"a.b\":{\"auth\":\"" + auth() + "\"}}}";
    assertThat(config(json).credential(Registry.parse("a.b")))
        .hasValue(new Credential("me", SECRET));
    assertThat(config(json).credential(Registry.parse("c.d"))).isEmpty();
  }

  @Test
  void aHelperThatIsNotInstalledLeavesItToTheFile() {
    String json = "{\"credsStore\":\"gone\",\"auths\":{\"a.b\":{\"auth\":\"" + auth() + "\"}}}";
    assertThat(config(json).credential(Registry.parse("a.b")))
        .hasValue(new Credential("me", SECRET));
    assertThat(config(json).credential(Registry.parse("c.d"))).isEmpty();
    assertThat(config("{\"credsStore\":\"../x\"}").credential(Registry.parse("c.d"))).isEmpty();
  }

  @Test
  void aHelperThatFailsIsNamedAndNotQuoted() throws IOException {
    helper("all", "echo " + SECRET + "; echo " + SECRET + " >&2; exit 3");
    refused(
        () -> config("{\"credsStore\":\"all\"}").credential(Registry.parse("a.b")),
        "docker-credential-all",
        "exit code 3",
        "a.b");
    helper("all", "echo 'me:" + SECRET + "'");
    refused(() -> config("{\"credsStore\":\"all\"}").credential(Registry.parse("a.b")), "no JSON");
  }

  @Test
  void aHelperThatHangsIsEndedWithItsChildren() throws IOException {
    environment.put("X", "");
    helper("all", "sleep 300 & echo $! > " + dir.resolve("child") + "; wait");
    config("{}");
    DockerConfigCredentials credentials =
        new DockerConfigCredentials(
            Files.writeString(dir.resolve("config.json"), "{\"credsStore\":\"all\"}"),
            environment,
            Duration.ofSeconds(1));
    refused(() -> credentials.credential(Registry.parse("a.b")), "does not answer");
    long child = Long.parseLong(Files.readString(dir.resolve("child")).strip());
    assertThat(
            ProcessHandle.of(child)
                .map(
                    process -> process.onExit().orTimeout(5, java.util.concurrent.TimeUnit.SECONDS))
                .map(exit -> exit.join().isAlive())
                .orElse(false))
        .isFalse();
  }

  /** The one has the helper's output open, so that it would not end; the other has not. */
  @ParameterizedTest
  @ValueSource(strings = {"sleep 300 &", "sleep 300 >/dev/null 2>&1 &", "(sleep 300 &) &"})
  void whatAHelperLeavesBehindEndsWithIt(String child) throws IOException {
    Path pid = dir.resolve("child");
    helper(
        "all",
        child.replace("sleep 300", "sh -c 'echo $$ >> " + pid + "; exec sleep 300'")
            + " while ! test -s "
            + pid
            + "; do sleep 0.01; done; echo '{\"Username\":\"u\",\"Secret\":\"s\"}'");
    assertThat(config("{\"credsStore\":\"all\"}").credential(Registry.parse("a.b")))
        .hasValue(new Credential("u", "s"));
    assertThat(Files.readAllLines(pid)).hasSize(1).allMatch(line -> hasEnded(line));
  }

  @Test
  void aServiceThatAHelperStartsStays() throws IOException {
    Optional<String> missing = ExternalTool.missing("setsid");
    assumeTrue(missing.isEmpty(), missing.orElse(""));
    Path pid = dir.resolve("service");
    helper(
        "all",
        "setsid sh -c 'echo $$ > "
            + pid
            + "; exec sleep 300' >/dev/null 2>&1 & while ! test -s "
            + pid
            + "; do sleep 0.01; done; echo '{\"Username\":\"u\",\"Secret\":\"s\"}'");
    assertThat(config("{\"credsStore\":\"all\"}").credential(Registry.parse("a.b"))).isPresent();
    String service = Files.readString(pid).strip();
    assertThat(hasEnded(service)).isFalse();
    ProcessHandle.of(Long.parseLong(service)).ifPresent(ProcessHandle::destroyForcibly);
  }

  /** Whether a process is gone, or has ended unnoticed by its new parent. */
  private static boolean hasEnded(String pid) {
    try {
      return Files.readString(Path.of("/proc", pid, "stat")).contains(") Z ");
    } catch (IOException e) {
      return true;
    }
  }

  @Test
  void thisProjectsOwnHelperIsNotAskedByItself() throws IOException {
    helper("imagespec", "touch " + dir.resolve("asked"));
    helper("mine", "touch " + dir.resolve("asked"));
    environment.put("IMAGESPEC_HELPER", "mine");
    String auths = "\"auths\":{\"a.b\":{\"auth\":\"" + auth() + "\"}}}";
    assertThat(config("{\"credsStore\":\"imagespec\"," + auths).credential(Registry.parse("a.b")))
        .isPresent();
    assertThat(config("{\"credsStore\":\"mine\"," + auths).credential(Registry.parse("a.b")))
        .isPresent();
    assertThat(dir.resolve("asked")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"auths\":{\"a.b\":{\"auth\":\"s3cret-canary\"}}}",
        "{\"auths\":{\"a.b\":{\"auth\":\"czNjcmV0LWNhbmFyeQ==\"}}}",
        "{\"auths\":{\"a.b\":{\"auth\":\"s3cret-canary}}}",
        "s3cret-canary"
      })
  void aFileThatIsWrongIsNamedAndNotQuoted(String json) {
    refused(() -> config(json).credential(Registry.parse("a.b")), "config.json");
  }

  @Test
  @Timeout(60)
  void aFileThatIsTooLargeOrTooDeepIsRefusedAndNotQuoted()
      throws IOException, InterruptedException {
    refused(
        () ->
            config("{\"auths\":\"" + SECRET + "x".repeat(4 << 20) + "\"}")
                .credential(Registry.parse("a.b")),
        "config.json",
        "it is larger than 4194304 bytes");
    refused(
        () ->
            config("[\"" + SECRET + "\"," + "[".repeat(100_000)).credential(Registry.parse("a.b")),
        "config.json");
    Path pipe = dir.resolve("pipe.json");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    refused(
        () ->
            new DockerConfigCredentials(pipe, environment, Duration.ofSeconds(5))
                .credential(Registry.parse("a.b")),
        "it is not a regular file");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"auth\":null,\"identitytoken\":null,\"username\":\"me\",\"password\":\"s3cret-canary\"}",
        "{\"auth\":\"AUTH\\n\",\"username\":null,\"password\":null}",
        "{\"auth\":\"AUTH\\r\\n\"}",
        "{\"auth\":\" AU\\nTH \"}"
      })
  void aNullIsAnAbsenceAndALineBreakIsPassedOver(String entry) {
    String auth = auth();
    String json =
        entry
            .replace("AUTH", auth)
            .replace("AU\\nTH", auth.substring(0, 9) + "\\n" + auth.substring(9));
    assertThat(
            config(
                    "{\"credsStore\":null,\"credHelpers\":{\"a.b\":null},\"auths\":{\"a.b\":"
                        + json
                        + "}}")
                .credential(Registry.parse("a.b")))
        .hasValue(new Credential("me", SECRET));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"auth\":null}",
        "{\"username\":null,\"auth\":null}",
        "{\"username\":null,\"password\":\"x\"}",
        "null"
      })
  void anEntryOfNullsHasNoCredential(String entry) {
    assertThat(config("{\"auths\":{\"a.b\":" + entry + "}}").credential(Registry.parse("a.b")))
        .isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "a.b/team/app, app",
    "a.b/team/app/deep, app",
    "a.b/team/other, team",
    "a.b/team/application, team",
    "a.b/teams/app, host",
    "a.b/x, host",
    "c.d/team/app, team",
    "c.d/x, ''",
    "docker.io/library/python, library",
    "docker.io/me/app, hub"
  })
  void theMostSpecificKeyCounts(String repository, String user) {
    DockerConfigCredentials credentials =
        config(
            "{\"auths\":{"
                + entries(
                    "a.b/team", "team",
                    "https://a.b/v2/", "host",
                    "a.b/team/app", "app",
                    "c.d/team/", "team",
                    "https://index.docker.io/v1/", "hub",
                    "docker.io/library", "library")
                + "}}");
    assertThat(
            credentials.credential(Repository.parse(repository)).map(Credential::user).orElse(""))
        .isEqualTo(user);
    assertThat(
            credentials
                .readingCredential(Repository.parse(repository))
                .map(Credential::user)
                .orElse(""))
        .isEqualTo(user);
  }

  private static String entries(String... keysAndUsers) {
    List<String> entries = new ArrayList<>();
    for (int i = 0; i < keysAndUsers.length; i += 2) {
      String pair = keysAndUsers[i + 1] + ":" + SECRET;
      entries.add(
          "\""
              + keysAndUsers[i]
              + "\":{\"auth\":\""
              + Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8))
              + "\"}");
    }
    return String.join(",", entries);
  }

  @Test
  void theLoginsOfPodmanAreReadAfterDockersAndThoseOfTheNamedFileFirst() throws IOException {
    Path docker = Files.createDirectories(dir.resolve("docker"));
    Path podman = Files.createDirectories(dir.resolve("run/containers"));
    Path named = dir.resolve("named.json");
    Files.writeString(
        docker.resolve("config.json"), "{\"auths\":{" + entries("a.b", "docker") + "}}");
    Files.writeString(
        podman.resolve("auth.json"),
        "{\"auths\":{" + entries("a.b", "podman", "c.d", "podman") + "}}");
    Map<String, String> variables =
        new HashMap<>(
            Map.of(
                "DOCKER_CONFIG", docker.toString(),
                "XDG_RUNTIME_DIR", dir.resolve("run").toString()));
    assertThat(users(variables)).containsExactly("docker", "podman", "");

    Files.writeString(named, "{\"auths\":{" + entries("a.b", "named", "e.f/team", "named") + "}}");
    variables.put("REGISTRY_AUTH_FILE", named.toString());
    assertThat(users(variables)).containsExactly("named", "podman", "named");
    variables.put("REGISTRY_AUTH_FILE", dir.resolve("none.json").toString());
    assertThat(users(variables)).containsExactly("docker", "podman", "");
  }

  private static List<String> users(Map<String, String> variables) {
    DockerConfigCredentials credentials =
        new DockerConfigCredentials(
            DockerConfig.files(variables), variables, Duration.ofSeconds(5));
    return Stream.of("a.b/team/app", "c.d/team/app", "e.f/team/app")
        .map(name -> credentials.credential(Repository.parse(name)))
        .map(found -> found.map(Credential::user).orElse(""))
        .toList();
  }

  @ParameterizedTest
  @CsvSource({"exit 3, exit code 3", "echo nonsense, no JSON", "'', is not on the PATH"})
  void aHelperThatFailsIsOneWarningForThoseWhoRead(String script, String why) throws IOException {
    if (!script.isEmpty()) {
      helper("all", script);
    }
    DockerConfigCredentials credentials =
        config("{\"credsStore\":\"all\",\"auths\":{" + entries("g.h", "stored") + "}}");
    String log =
        printed(
            () -> {
              for (String name : List.of("a.b/x", "a.b/y", "c.d/x", "a.b/x")) {
                assertThat(credentials.readingCredential(Repository.parse(name))).isEmpty();
              }
              assertThat(credentials.readingCredential(Registry.parse("g.h"))).isPresent();
            });
    assertThat(log.lines().filter(line -> line.contains("docker-credential-all")))
        .singleElement()
        .satisfies(line -> assertThat(line).contains("WARN").contains(why));
  }

  /** What the logger writes meanwhile. */
  private static String printed(Runnable work) {
    PrintStream before = System.err;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
    try {
      work.run();
    } finally {
      System.setErr(before);
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
