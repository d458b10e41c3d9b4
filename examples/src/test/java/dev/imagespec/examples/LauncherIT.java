package dev.imagespec.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.imagespec.testkit.RegistryServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code bin/imagespec}, as a user installs and starts it. */
@Timeout(240)
class LauncherIT {
  private static final Path SCRIPT = Path.of("../bin/imagespec").toAbsolutePath().normalize();
  private static final int PATIENCE_SECONDS = 90;

  @TempDir Path dir;
  private Path home = Path.of("");
  private final Map<String, String> environment = new TreeMap<>();
  private final RegistryServer registry = RegistryServer.anonymous();

  @AfterEach
  void stop() {
    registry.close();
  }

  /** A folder in which script and jar are installed. */
  @BeforeEach
  void install() throws IOException {
    home = dir.resolve("home");
    Files.createDirectories(home.resolve("tools/bin"));
    Files.createDirectories(home.resolve("tools/lib"));
    Files.copy(SCRIPT, script(), StandardCopyOption.COPY_ATTRIBUTES);
    Files.copy(Path.of(System.getProperty("e2e.cli")), jar(), StandardCopyOption.COPY_ATTRIBUTES);
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    environment.put("PATH", System.getenv("PATH"));
    environment.put("HOME", home.toString());
    environment.put("XDG_CACHE_HOME", home.resolve("the cache").toString());
    environment.put("LC_ALL", "C.UTF-8");
  }

  private Path script() {
    return home.resolve("tools/bin/imagespec");
  }

  private Path jar() {
    return home.resolve("tools/lib/imagespec-cli-1.0.jar");
  }

  private Path archives() {
    return home.resolve("the cache/imagespec/classes");
  }

  private record Run(int status, String out, String err) {}

  private Process start(List<String> words) throws IOException {
    ProcessBuilder builder =
        new ProcessBuilder(words)
            .directory(home.toFile())
            .redirectOutput(dir.resolve("out").toFile())
            .redirectError(dir.resolve("err").toFile());
    builder.environment().clear();
    builder.environment().putAll(environment);
    return builder.start();
  }

  private Run run(List<String> words) throws Exception {
    Process process = start(words);
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
    return new Run(
        process.exitValue(),
        Files.readString(dir.resolve("out")),
        Files.readString(dir.resolve("err")));
  }

  private Run imagespec(String... arguments) throws Exception {
    List<String> words = new ArrayList<>(List.of(script().toString()));
    words.addAll(List.of(arguments));
    return run(words);
  }

  /** A command that sends a request, and so loads most classes. */
  private List<String> images() {
    return List.of(
        script().toString(), "images", "--registry", registry.registry(), "--name", "team/app");
  }

  private void isList(Run run) {
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).isEqualTo(registry.registry() + "/team/app: does not exist yet\n");
    assertThat(run.status()).isZero();
  }

  private List<String> cached() throws IOException {
    if (!Files.isDirectory(archives())) {
      return List.of();
    }
    try (Stream<Path> files = Files.list(archives())) {
      return files.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  /** Waits until there are so many archives, and nobody makes another. */
  private List<String> archives(int count) throws Exception {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!(cached().size() == count && cached().stream().allMatch(f -> f.endsWith(".jsa")))) {
      assertThat(System.nanoTime()).as("time is over; there is " + cached()).isLessThan(end);
      TimeUnit.MILLISECONDS.sleep(100);
    }
    return cached();
  }

  /** How many classes of this project come from the archive. */
  private long shared() throws Exception {
    environment.put("IMAGESPEC_OPTS", "-Xlog:class+load");
    Run run = run(images());
    environment.remove("IMAGESPEC_OPTS");
    return run.out()
        .lines()
        .filter(line -> line.contains(" dev.imagespec."))
        .filter(line -> line.contains("source: shared objects file"))
        .count();
  }

  @Test
  void theFirstRunMakesAnArchiveAndTheNextOnesUseItUntilTheJarChanges() throws Exception {
    isList(run(images()));
    List<String> first = archives(1);
    assertThat(shared()).isPositive();
    isList(run(images()));
    assertThat(cached()).isEqualTo(first);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(archives())))
        .isEqualTo("rwx------");

    Files.setLastModifiedTime(jar(), FileTime.from(Instant.parse("2026-01-02T03:04:05Z")));
    isList(run(images()));
    assertThat(archives(2)).containsAll(first);
    assertThat(shared()).isPositive();
  }

  @Test
  void aRunThatFailsAtOnceLeavesTheArchiveToALaterOne() throws Exception {
    assertThat(imagespec("plan").status()).isEqualTo(2);
    archives(0);
    isList(run(images()));
    archives(1);
    assertThat(shared()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"shorter", "rubbish", "changed"})
  void anArchiveThatIsBrokenIsNeitherAFailureNorNoise(String kind) throws Exception {
    isList(run(images()));
    Path archive = archives().resolve(archives(1).get(0));
    byte[] bytes = Files.readAllBytes(archive);
    Files.delete(archive);
    switch (kind) {
      case "shorter" -> Files.write(archive, Arrays.copyOf(bytes, bytes.length / 3));
      case "rubbish" -> Files.write(archive, new byte[bytes.length]);
      default -> {
        Arrays.fill(bytes, bytes.length / 2, bytes.length / 2 + 5000, (byte) 'x');
        Files.write(archive, bytes);
      }
    }
    isList(run(images()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"file", "readonly", "foreign", "none"})
  void aCacheThatCannotBeUsedIsNeitherAFailureNorNoise(String kind) throws Exception {
    switch (kind) {
      case "file" -> Files.writeString(home.resolve("the cache"), "");
      case "readonly" -> environment.put("XDG_CACHE_HOME", "/proc");
      case "foreign" -> {
        assumeTrue(System.getProperty("user.name").equals("root"), "needs root");
        Files.createDirectories(archives());
        Files.setAttribute(archives(), "unix:uid", 65534, LinkOption.NOFOLLOW_LINKS);
      }
      default -> {
        environment.remove("HOME");
        environment.remove("XDG_CACHE_HOME");
      }
    }
    isList(run(images()));
    isList(run(images()));
    assertThat(cached()).isEmpty();
  }

  @Test
  void aDiskThatIsFullIsNeitherAFailureNorNoise() throws Exception {
    // No file may be larger than 50 kB: neither the list nor the archive can be written whole.
    List<String> words =
        new ArrayList<>(List.of("/bin/sh", "-c", "ulimit -f 100; exec \"$0\" \"$@\""));
    words.addAll(images());
    isList(run(words));
    archives(0);
  }

  @Test
  void severalAtOnceMakeOneArchive() throws Exception {
    List<Process> all = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      all.add(start(images()));
    }
    for (Process process : all) {
      assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isZero();
    }
    archives(1);
    assertThat(shared()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(strings = {"sh", "dash", "busybox sh", "bash"})
  void argumentsArriveAsTheyAreInEveryShell(String shell) throws Exception {
    List<String> words = new ArrayList<>(List.of(shell.split(" ")));
    assumeTrue(
        Stream.of("/bin/", "/usr/bin/").anyMatch(f -> Files.exists(Path.of(f + words.get(0)))),
        "needs " + words.get(0));
    String odd = "  a 'b' \"c\" $HOME `d` *\\ ü\n";
    words.addAll(List.of(script().toString(), "plan", odd, ""));
    Run run = run(words);
    assertThat(run.err())
        .startsWith("error: The argument '  a 'b' \"c\" $HOME `d` *\\ ü\n' belongs to no option");
    assertThat(run.status()).isEqualTo(2);
  }

  @Test
  void worksThroughLinksInAFolderWithBlanksAndTakesOptionsForJava() throws Exception {
    Files.createDirectories(home.resolve("bin"));
    Files.createSymbolicLink(home.resolve("bin/one"), Path.of("two"));
    Files.createSymbolicLink(home.resolve("bin/two"), Path.of("../tools of mine/bin/imagespec"));
    Files.move(home.resolve("tools"), home.resolve("tools of mine"));
    environment.put("IMAGESPEC_OPTS", " -Dimagespec.json=true  -XX:+UseG1GC ");
    Run run = run(List.of(home.resolve("bin/one").toString(), "plan"));
    assertThat(run.out()).startsWith("{").contains("There is no task class of yours");
    assertThat(run.err()).hasLineCount(1);
  }

  @Test
  void aSignalReachesJavaItself() throws Exception {
    Process process = start(List.of(script().toString(), "login", "get"));
    String command = "";
    while (!command.endsWith("java")) {
      assertThat(process.isAlive()).isTrue();
      TimeUnit.MILLISECONDS.sleep(50);
      command = process.info().command().orElse("");
    }
    assertThat(process.children()).isEmpty();
    process.destroy();
    assertThat(process.waitFor()).isEqualTo(143);
  }

  @Test
  void whatIsMissingIsSaidInOneLine() throws Exception {
    environment.put("JAVA_HOME", dir.resolve("nowhere").toString());
    assertMissing("JAVA_HOME is " + dir.resolve("nowhere") + ", but there is no program bin/java");
    environment.remove("JAVA_HOME");
    Path tools = Files.createDirectories(dir.resolve("tools"));
    for (String tool : List.of("readlink", "sed", "cat", "ls")) {
      Files.createSymbolicLink(tools.resolve(tool), Path.of("/bin", tool));
    }
    environment.put("PATH", tools.toString());
    assertMissing("there is no java on the PATH, and JAVA_HOME is not set. Install Java 17");
    Path old = Files.createDirectories(dir.resolve("old/bin"));
    Files.writeString(old.resolve("java"), "#!/bin/sh\necho 'openjdk version \"11.0.2\"' >&2\n");
    Files.setPosixFilePermissions(
        old.resolve("java"), PosixFilePermissions.fromString("rwxr-xr-x"));
    environment.put("PATH", old + ":" + tools);
    assertMissing("needs Java 17 or newer, but " + old.resolve("java") + " is Java 11. ");
    Files.writeString(dir.resolve("old/release"), "JAVA_VERSION=\"1.8.0_392\"\n");
    assertMissing("needs Java 17 or newer, but " + old.resolve("java") + " is Java 8. ");
    environment.put("JAVA_HOME", System.getProperty("java.home"));
    Files.delete(jar());
    assertMissing("there is no imagespec.jar or imagespec-cli-VERSION.jar in ");
    environment.put("IMAGESPEC_JAR", "none.jar");
    assertMissing("IMAGESPEC_JAR is none.jar, but there is no such file.");
  }

  private void assertMissing(String message) throws Exception {
    Run run = imagespec("plan");
    assertThat(run.err()).startsWith("imagespec: " + message).hasLineCount(1);
    assertThat(run.out()).isEmpty();
    assertThat(run.status()).isEqualTo(2);
  }

  @Test
  void findsTheJarOfTheCheckout() throws Exception {
    Run run = run(List.of(SCRIPT.toString(), "--version"));
    assertThat(run.out()).startsWith("imagespec ").hasLineCount(1);
    assertThat(run.err()).isEmpty();
  }
}
