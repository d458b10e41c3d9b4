package dev.imagespec.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.imagespec.testkit.ExternalTool;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The packaged command line ships the licences and notices of all that it contains. */
class LicensesIT {
  private static final Path CLI = Path.of(System.getProperty("e2e.cli"));

  /** A file that tells of rights, in any jar's spelling. */
  private static final Pattern LICENCE_OR_NOTICE =
      Pattern.compile(
          "(.*/)?[^/]*(licen[cs]e|notice|copying|copyright)[^/]*|(.*/)?licenses?/[^/]+|about\\.html",
          Pattern.CASE_INSENSITIVE);

  private JarFile jar;

  @BeforeEach
  void open() throws IOException {
    jar = new JarFile(CLI.toFile());
  }

  @AfterEach
  void close() throws IOException {
    jar.close();
  }

  /** A jar of the local repository: {@code .../<artifact>/<version>/<artifact>-<version>.jar}. */
  private record Dependency(Path jar) {
    String version() {
      return jar.getParent().getFileName().toString();
    }

    String artifact() {
      return jar.getParent().getParent().getFileName().toString();
    }
  }

  private static List<Path> classPath() throws IOException {
    String text = Files.readString(CLI.resolveSibling("runtime-classpath.txt")).strip();
    return Stream.of(text.split(Pattern.quote(File.pathSeparator))).map(Path::of).toList();
  }

  private static List<Dependency> dependencies() throws IOException {
    List<Dependency> dependencies =
        classPath().stream()
            .filter(path -> !path.getFileName().toString().startsWith("imagespec-"))
            .map(Dependency::new)
            .toList();
    assertThat(dependencies).extracting(Dependency::artifact).contains("jib-core", "ecr", "asm");
    return dependencies;
  }

  private static byte[] bytes(JarFile in, String name) throws IOException {
    ZipEntry entry = in.getEntry(name);
    assertThat(entry).as("%s of %s", name, in.getName()).isNotNull();
    try (InputStream stream = in.getInputStream(entry)) {
      return stream.readAllBytes();
    }
  }

  private List<String> thirdParty() throws IOException {
    return new String(bytes(jar, "META-INF/THIRD-PARTY.txt"), StandardCharsets.UTF_8)
        .lines()
        .filter(line -> line.stripLeading().startsWith("("))
        .toList();
  }

  private static Set<String> classes(JarFile in) {
    Set<String> names = new TreeSet<>();
    in.stream()
        .map(ZipEntry::getName)
        .filter(name -> name.endsWith(".class"))
        .filter(name -> !name.endsWith("module-info.class"))
        .forEach(names::add);
    return names;
  }

  @Test
  void theLicenceOfTheJarIsTheProjects() throws IOException {
    assertThat(bytes(jar, "META-INF/LICENSE"))
        .isEqualTo(Files.readAllBytes(CLI.resolve("../../../LICENSE").normalize()));
  }

  @Test
  void theClassPathNamesAllThatTheJarContains() throws IOException {
    Set<String> unknown = classes(jar);
    unknown.removeIf(name -> name.startsWith("dev/imagespec/cli/"));
    assertThat(unknown).hasSizeGreaterThan(1000);

    for (Path path : classPath()) {
      try (JarFile part = new JarFile(path.toFile())) {
        unknown.removeAll(classes(part));
      }
    }

    assertThat(unknown).isEmpty();
  }

  @Test
  void everyDependencyIsListedWithItsLicence() throws IOException {
    List<String> lines = thirdParty();

    for (Dependency dependency : dependencies()) {
      assertThat(lines)
          .as(dependency.artifact())
          .filteredOn(
              line ->
                  line.contains(":" + dependency.artifact() + ":" + dependency.version() + " - "))
          .singleElement()
          .asString()
          .containsPattern("^ *\\((Apache-2\\.0|BSD-3-Clause|MIT|MIT-0)\\) ");
    }
    assertThat(lines).hasSameSizeAs(dependencies());
  }

  @Test
  void everyLicenceAndNoticeOfADependencyIsInTheJar() throws IOException {
    Set<String> found = new TreeSet<>();

    for (Dependency dependency : dependencies()) {
      try (JarFile part = new JarFile(dependency.jar().toFile())) {
        for (ZipEntry entry : part.stream().toList()) {
          String name = entry.getName();
          if (entry.isDirectory()
              || name.endsWith(".class")
              || name.startsWith("META-INF/maven/")
              || !LICENCE_OR_NOTICE.matcher(name).matches()) {
            continue;
          }
          String ours =
              "META-INF/licenses/"
                  + dependency.artifact()
                  + "/"
                  + name.replaceFirst("^META-INF/", "");
          assertThat(bytes(jar, ours)).as(ours).isEqualTo(bytes(part, name));
          found.add(ours);
        }
      }
    }

    assertThat(found)
        .contains(
            "META-INF/licenses/commons-io/NOTICE.txt",
            "META-INF/licenses/jackson-core/FastDoubleParser-LICENSE",
            "META-INF/licenses/slf4j-api/LICENSE.txt");
  }

  /** A build of its own, with the configuration by which the command line's jar is built. */
  private static Process build(Path folder, String licence)
      throws IOException, InterruptedException {
    String cli = Files.readString(CLI.resolve("../../pom.xml").normalize());
    String configuration =
        cli.replaceFirst("(?s).*<id>third-party</id>", "")
            .replaceFirst("(?s)^.*?(<configuration>.*?</configuration>).*", "$1");
    assertThat(configuration).contains("<failOnMissing>true</failOnMissing>");
    Matcher version =
        Pattern.compile("<artifactId>license-maven-plugin</artifactId>\\s*<version>([^<]+)<")
            .matcher(Files.readString(CLI.resolve("../../../pom.xml").normalize()));
    assertThat(version.find()).isTrue();
    String head =
        "<project><modelVersion>4.0.0</modelVersion><groupId>t</groupId><version>1</version>";
    Files.writeString(
        folder.resolve("pom.xml"),
        head
            + "<artifactId>all</artifactId><packaging>pom</packaging>"
            + "<modules><module>library</module><module>user</module></modules></project>");
    Files.writeString(
        Files.createDirectory(folder.resolve("library")).resolve("pom.xml"),
        head
            + "<artifactId>library</artifactId><packaging>pom</packaging>"
            + licence
            + "</project>");
    Files.writeString(
        Files.createDirectory(folder.resolve("user")).resolve("pom.xml"),
        head
            + "<artifactId>user</artifactId><dependencies><dependency><groupId>t</groupId>"
            + "<artifactId>library</artifactId><version>1</version><type>pom</type>"
            + "</dependency></dependencies><build><plugins><plugin>"
            + "<groupId>org.codehaus.mojo</groupId><artifactId>license-maven-plugin</artifactId>"
            + "<version>"
            + version.group(1)
            + "</version>"
            + configuration
            + "</plugin></plugins></build></project>");
    Process maven =
        new ProcessBuilder(
                "mvn",
                "-o",
                "-B",
                "org.codehaus.mojo:license-maven-plugin:" + version.group(1) + ":add-third-party")
            .directory(folder.toFile())
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve("log").toFile())
            .start();
    assertThat(maven.waitFor(2, TimeUnit.MINUTES)).isTrue();
    return maven;
  }

  @ParameterizedTest
  @CsvSource({"'', 1", "Apache-2.0, 0", "SSPL-1.0, 1"})
  void theBuildFailsOnADependencyWithoutAKnownLicence(
      String licence, int exitCode, @TempDir Path folder) throws Exception {
    Optional<String> missing = ExternalTool.missing("mvn");
    assumeTrue(missing.isEmpty(), missing.orElse(""));
    String element =
        licence.isEmpty()
            ? ""
            : "<licenses><license><name>" + licence + "</name></license></licenses>";
    Process maven = build(folder, element);
    String log = Files.readString(folder.resolve("log"));
    assertThat(maven.exitValue()).as(log).isEqualTo(exitCode);
    if (exitCode != 0) {
      assertThat(log).contains("forbidden licenses");
    }
  }

  /** The Apache licence is the project's own, too; MIT-0 asks for nothing. */
  @Test
  void theTextOfEveryOtherLicenceIsInTheJar() throws IOException {
    Pattern coordinates = Pattern.compile("\\(([^()]+)\\) .*\\([^():]+:([^():]+):[^():]+ - .*");
    Set<String> others = new TreeSet<>();

    for (String line : thirdParty()) {
      var matcher = coordinates.matcher(line.strip());
      assertThat(matcher.matches()).as(line).isTrue();
      if (!Set.of("Apache-2.0", "MIT-0").contains(matcher.group(1))) {
        others.add(matcher.group(2));
      }
    }

    assertThat(others).contains("asm", "google-auth-library-credentials", "slf4j-api");
    for (String artifact : others) {
      String directory = "META-INF/licenses/" + artifact + "/LICENSE";
      assertThat(jar.stream().map(ZipEntry::getName).filter(name -> name.startsWith(directory)))
          .as(artifact)
          .isNotEmpty();
    }
  }

  @Test
  void theNoticeHasTheNoticesOfDependencies() throws IOException {
    assertThat(new String(bytes(jar, "META-INF/NOTICE"), StandardCharsets.UTF_8))
        .contains("Apache Commons IO", "AWS SDK for Java 2.0", "Jackson");
  }
}
