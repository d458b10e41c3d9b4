package dev.imagespec.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.dockerfile.Dockerfile;
import dev.imagespec.model.Manifest;
import dev.imagespec.testkit.TestImage;
import dev.imagespec.testkit.TestJar;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Jars that other jars name in the {@code Class-Path} of their manifests. */
class NamedJarsTest {
  @TempDir Path dir;
  @RegisterExtension final LocalRegistries registries = new LocalRegistries();
  private final List<RegistrationEvent> events = new ArrayList<>();
  private Project project = new Project(Path.of(""));

  @BeforeEach
  void start() {
    registries.other.push("base", "1", TestImage.builder().layer("etc/a", "a").build());
    project = new Project(dir.resolve("app"));
    project.task(
        Project.task(
            "a.Program", "team/app", Project.BASE, Project.program("a.Program"), "linux/amd64"));
  }

  /** Writes a jar that names others, and has a resource by which it is found. */
  private Path jar(String path, String named) {
    Path jar = project.dir.resolve(path);
    try {
      Files.createDirectories(jar.resolveSibling(""));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
    return TestJar.empty()
        .file("META-INF/MANIFEST.MF", manifest(named))
        .file("who", path)
        .write(jar);
  }

  /** A manifest, its lines folded after 70 characters as the format demands. */
  private static String manifest(String named) {
    StringBuilder text = new StringBuilder("Manifest-Version: 1.0\r\n");
    String line = "Class-Path: " + named;
    for (int at = 0; at < line.length(); at += 70) {
      text.append(at == 0 ? "" : " ").append(line, at, Math.min(at + 70, line.length()));
      text.append("\r\n");
    }
    return text + "\r\n";
  }

  private ImageRegistrar registrar(Path... classPath) {
    return registrar(settings(classPath));
  }

  private ImageRegistrar registrar(SettingsBuilder settings) {
    return LocalRegistries.registrar(settings).withListener(events::add);
  }

  private SettingsBuilder settings(Path... classPath) {
    List<Path> all = new ArrayList<>(List.of(classPath));
    all.add(project.classes);
    return registries.settings(project).classPath(all);
  }

  /** The jars of the image's class path, in order. */
  private List<String> jars(Path... classPath) throws IOException {
    Path context = Files.createTempDirectory(dir, "context");
    registrar(classPath).export("a.Program", context);
    List<String> jars = new ArrayList<>();
    for (String entry :
        Files.readString(context.resolve("classpath")).replaceAll("[\"\n]", "").split(":", -1)) {
      if (entry.startsWith("/app/libs/")) {
        assertThat(context.resolve("libs/" + entry)).isRegularFile();
        jars.add(entry.substring("/app/libs/".length()));
      }
    }
    return jars;
  }

  private List<String> notes() {
    return events.stream()
        .filter(RegistrationEvent.Note.class::isInstance)
        .map(RegistrationEvent::toString)
        .toList();
  }

  /** What java itself searches, in its order. */
  private List<String> searched(Path... classPath) throws IOException {
    List<URL> urls = new ArrayList<>();
    for (Path path : classPath) {
      urls.add(path.toUri().toURL());
    }
    try (URLClassLoader loader = new URLClassLoader(urls.toArray(URL[]::new), null)) {
      List<String> found = new ArrayList<>();
      for (URL url : Collections.list(loader.getResources("who"))) {
        try (InputStream in = url.openStream()) {
          String path = new String(in.readAllBytes(), StandardCharsets.UTF_8);
          found.add(path.substring(path.lastIndexOf('/') + 1));
        }
      }
      return found;
    }
  }

  @Test
  void theImageFindsThemWhereJavaDoes() throws IOException {
    Path a = jar("libs/a.jar", "deep/b.jar d%2B+%20e.jar missing.jar ./f.jar file:g.jar z.jar");
    jar("libs/deep/b.jar", "c.jar a.jar deeper/../h.jar");
    jar("libs/deep/c.jar", "b.jar");
    jar("libs/deep/h.jar", "");
    jar("libs/d++ e.jar", "");
    jar("libs/f.jar", "");
    jar("libs/g.jar", "a.jar");
    Path z = jar("libs/z.jar", "");
    Path y = jar("libs/y.jar", "f.jar");
    List<String> found =
        List.of("a.jar", "b.jar", "c.jar", "h.jar", "d++ e.jar", "f.jar", "g.jar", "z.jar");
    assertThat(jars(a)).isEqualTo(found);
    assertThat(searched(a)).isEqualTo(found);
    assertThat(jars(z, a, y)).startsWith("z.jar", "a.jar").endsWith("g.jar", "y.jar").hasSize(9);
    assertThat(jars(z, a, y)).isEqualTo(searched(z, a, y));
    assertThat(notes()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../outside.jar",
        "../../.aws/",
        "%2e%2e/outside.jar",
        "sub/../../outside.jar",
        "file:///etc/hostname",
        "FILE:///etc/hostname",
        "file:../outside.jar",
        "/etc/hostname",
        "//host/share/a.jar",
        "http://example.com/a.jar",
        "jar:file:a.jar!/b.jar",
        "./",
        "sub/",
        "sub",
        "%",
        "%00",
        "leads-out.jar",
        "leads-out/outside.jar",
        "salaries.xlsx"
      })
  void whatIsNoJarBelowTheFolderOfItsJarIsPassedOver(String named) throws IOException {
    Path a = jar("libs/a.jar", named);
    Path outside = jar("outside.jar", "");
    Files.createDirectories(project.dir.resolve("libs/sub"));
    jar("libs/salaries.xlsx", "");
    Files.createSymbolicLink(project.dir.resolve("libs/leads-out.jar"), outside);
    Files.createSymbolicLink(project.dir.resolve("libs/leads-out"), project.dir);
    assertThat(jars(a)).containsExactly("a.jar");
    assertThat(notes())
        .singleElement()
        .asString()
        .contains("passed over in the Class-Path of jars")
        .contains(named + " in " + a)
        .endsWith("add them with --classpath");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../outside.jar", "file:///%s", "///%s", "%s"})
  void aJarMayNameEveryEntryOfTheClassPath(String named) throws IOException {
    Path outside = project.dir.resolve("outside.jar");
    Path a = jar("libs/a.jar", String.format(named, outside.toString().replaceFirst("^/", "/")));
    jar("outside.jar", "");
    Path z = jar("z.jar", "../app/classes/");
    assertThat(jars(a, z, outside)).containsExactly("a.jar", "outside.jar", "z.jar");
    assertThat(notes()).isEmpty();
  }

  @Test
  void oneNoteIsGivenForAllJars() throws IOException {
    Path a = jar("libs/a.jar", "../1 ../2\u009b ../" + "x".repeat(500));
    Path b = jar("libs/b.jar", "../3 ../4");
    assertThat(jars(a, b)).containsExactly("a.jar", "b.jar");
    assertThat(notes())
        .singleElement()
        .asString()
        .contains("../1 in " + a + ", ../2\\u009b in ")
        .contains("… in " + a + " and 2 more;")
        .hasSizeLessThan(1000);
  }

  @Test
  void whatIsNoJarIsIgnoredAsByJava() throws Exception {
    Path a = jar("libs/a.jar", "text.jar pipe.jar b.jar#fragment");
    project.write("libs/text.jar", "text");
    Path pipe = project.dir.resolve("libs/pipe.jar");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    jar("libs/b.jar", "");
    assertThat(jars(a)).containsExactly("a.jar", "b.jar");
  }

  @Test
  void theImageIsAnotherIfANamedJarIs() {
    Path a = jar("libs/a.jar", "b.jar");
    String without = registrar(a).plan().images().get(0).fingerprint();
    jar("libs/b.jar", "");
    String with = registrar(a).plan().images().get(0).fingerprint();
    jar("libs/b.jar", "c.jar");
    assertThat(List.of(without, with, registrar(a).plan().images().get(0).fingerprint()))
        .doesNotHaveDuplicates();
  }

  @Test
  void tasksOfANamedJarAreStrangersUntilItIsNamedAsATaskJar() {
    Path a = jar("libs/a.jar", "b.jar");
    Manifest task = Project.task("z.Other", "team/app", "z");
    Path b =
        TestJar.empty()
            .file(task.resourceName(), task.toJson())
            .file(Manifest.resourceFolder(task.task()) + Dockerfile.FILE, Dockerfile.of(task))
            .file("z/Other.class", task.task())
            .write(project.dir.resolve("libs/b.jar"));
    assertThat(registrar(a).tasks()).containsExactly("a.Program");
    registrar(a).plan();
    assertThat(notes()).singleElement().asString().endsWith("add --task-jar " + b);
    assertThat(registrar(settings(a).taskJars(List.of(b))).tasks())
        .containsExactly("a.Program", "z.Other");
    assertThat(registrar(settings(a).taskJars(List.of(b))).plan().images().get(0).fingerprint())
        .isEqualTo(registrar(a).plan().images().get(0).fingerprint());
  }

  @ParameterizedTest
  @CsvSource({"false, false", "true, false", "false, true"})
  void aLargeManifestIsNotReadToItsEnd(boolean signed, boolean isTaskJar) {
    Path large = project.dir.resolve("large.jar");
    TestJar jar = TestJar.empty().zeros("META-INF/MANIFEST.MF", 1L << 28);
    (signed ? jar.file("META-INF/X.SF", "").file("META-INF/X.RSA", "") : jar).write(large);
    SettingsBuilder settings = settings(large).taskJars(isTaskJar ? List.of(large) : List.of());
    assertThatThrownBy(() -> registrar(settings).plan())
        .isInstanceOfSatisfying(
            ImageSpecException.class, e -> assertThat(e.code()).isEqualTo(FailureCode.INVALID_FILE))
        .hasMessageContaining(large + "!/META-INF/MANIFEST.MF has more than");
  }

  @Test
  void sectionsOfAManifestAfterTheFirstAreNotRead() throws IOException {
    jar("libs/b.jar", "");
    Path a =
        TestJar.empty()
            .file("META-INF/MANIFEST.MF", manifest("b.jar") + "Name: x\n".repeat(1 << 20))
            .write(project.dir.resolve("libs/a.jar"));
    assertThat(jars(a)).containsExactly("a.jar", "b.jar");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\u0000", "Class-Path b.jar\n\n", "\n\nClass-Path: b.jar\n"})
  void aManifestThatSaysNothingNamesNothing(String manifest) throws IOException {
    jar("libs/b.jar", "");
    Path a =
        TestJar.empty()
            .file("META-INF/MANIFEST.MF", manifest)
            .write(project.dir.resolve("libs/a.jar"));
    assertThat(jars(a)).containsExactly("a.jar");
  }

  @Test
  void aJarWhoseNameWouldBecomeTwoEntriesIsRefused() {
    Path a = jar("libs/a.jar", "b%3ac.jar");
    jar("libs/b:c.jar", "");
    assertThatThrownBy(() -> registrar(a).plan())
        .hasMessageContaining("b:c.jar has a character in its name");
  }
}
