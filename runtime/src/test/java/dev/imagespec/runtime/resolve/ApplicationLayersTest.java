package dev.imagespec.runtime.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.RegistrationRecord;
import dev.imagespec.check.SensitiveFiles;
import dev.imagespec.model.Manifest;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.testkit.TestJar;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of applications with the layouts that Spring Boot, Quarkus and Maven give them. */
class ApplicationLayersTest {
  private static final String BOOT3 = "org.springframework.boot.loader.launch.JarLauncher";
  private static final String BOOT2 = "org.springframework.boot.loader.JarLauncher";
  private static final String INDEX =
      """
      - "dependencies":
        - "BOOT-INF/lib/"
      - "spring-boot-loader":
        - "org/"
      - "snapshot-dependencies":
      - "application":
        - "BOOT-INF/classes/"
        - "BOOT-INF/classpath.idx"
        - "BOOT-INF/layers.idx"
        - "META-INF/"
      """;

  @TempDir Path dir;

  private static TestJar boot(String launcher) {
    return TestJar.empty()
        .file(
            "META-INF/MANIFEST.MF",
            "Manifest-Version: 1.0\nMain-Class: " + launcher + "\nStart-Class: a.Main\n\n")
        .file(launcher.replace('.', '/') + ".class", "launcher")
        .file("META-INF/imagespec/a.Main/manifest.json", "{}")
        .file("META-INF/maven/a/pom.xml", "<x/>")
        .file("BOOT-INF/classes/a/Main.class", "main")
        .file("BOOT-INF/classes/application.properties", "x=y")
        .file("BOOT-INF/classes/META-INF/imagespec/x", "x")
        .file("BOOT-INF/lib/one-1.0.jar", "not read as a jar")
        .file("BOOT-INF/lib/two-1.0-SNAPSHOT.jar", "nor this")
        .file("BOOT-INF/classpath.idx", "- \"BOOT-INF/lib/one-1.0.jar\"\n");
  }

  private Map<String, List<String>> layers(String from, String to, String... allowed) {
    Map<String, List<String>> layers = new LinkedHashMap<>();
    of(from, to, allowed)
        .forEach(
            layer ->
                layers.put(layer.name(), layer.entries().stream().map(LayerEntry::path).toList()));
    return layers;
  }

  private List<Layer> of(String from, String to, String... allowed) {
    return ApplicationLayers.of(
        new Manifest.Application(from, to),
        dir,
        new ProjectFiles(),
        SensitiveFiles.unlessNamed(List.of(allowed)));
  }

  private static String launch(List<Layer> layers) {
    return layers.stream()
        .flatMap(layer -> layer.entries().stream())
        .map(LayerEntry::content)
        .filter(Content.OfText.class::isInstance)
        .map(content -> ((Content.OfText) content).text())
        .findFirst()
        .orElse("");
  }

  private void assertRefused(String from, String to, String text) {
    assertThatThrownBy(() -> of(from, to))
        .isInstanceOf(ImageSpecException.class)
        .hasMessageContaining(text)
        .extracting(e -> ((ImageSpecException) e).code())
        .isEqualTo(FailureCode.INVALID_FILE);
  }

  @Test
  void aSpringBootJarHasTheLayersOfItsIndex() {
    boot(BOOT3).file("BOOT-INF/layers.idx", INDEX).write(dir.resolve("app.jar"));
    assertThat(layers("app.jar", "").entrySet())
        .map(Object::toString)
        .containsExactly(
            "app:dependencies=[/app/BOOT-INF/lib/one-1.0.jar,"
                + " /app/BOOT-INF/lib/two-1.0-SNAPSHOT.jar]",
            "app:spring-boot-loader=[/app/org/springframework/boot/loader/launch/JarLauncher.class]",
            "app:application=[/app/BOOT-INF/classes/a/Main.class,"
                + " /app/BOOT-INF/classes/application.properties, /app/BOOT-INF/classpath.idx,"
                + " /app/BOOT-INF/layers.idx, /app/META-INF/MANIFEST.MF,"
                + " /app/META-INF/maven/a/pom.xml, /app/launch]");
    assertThat(launch(of("app.jar", ""))).isEqualTo("-cp\n\"/app\"\n" + BOOT3 + "\n");
    assertThat(launch(of("app.jar", "/opt/my app")))
        .isEqualTo("-cp\n\"/opt/my app\"\n" + BOOT3 + "\n");
    assertThat(of("app.jar", "").get(0).entries())
        .allSatisfy(entry -> assertThat(entry.mode()).isEqualTo("644"));
  }

  @Test
  void withoutAnIndexItHasSpringBootsUsualLayers() {
    boot(BOOT2).write(dir.resolve("app.jar"));
    assertThat(layers("app.jar", "").keySet())
        .containsExactly(
            "app:dependencies",
            "app:spring-boot-loader",
            "app:snapshot-dependencies",
            "app:application");
    assertThat(layers("app.jar", "").get("app:snapshot-dependencies"))
        .containsExactly("/app/BOOT-INF/lib/two-1.0-SNAPSHOT.jar");
    assertThat(launch(of("app.jar", ""))).endsWith(BOOT2 + "\n");
  }

  @Test
  void anIndexOfOnesOwnCounts() {
    String index =
        """
        - "a.1":
          - "BOOT-INF/lib/one-1.0.jar"
        - "b":
          - "BOOT-INF/lib/"
          - "META-INF/"
          - "BOOT-INF/classes/"
          - "BOOT-INF/classpath.idx"
          - "BOOT-INF/layers.idx"
        - "c":
          - "org/"
        """;
    boot(BOOT3).file("BOOT-INF/layers.idx", index).write(dir.resolve("app.jar"));
    assertThat(layers("app.jar", "").keySet()).containsExactly("app:a.1", "app:b", "app:c");
    boot(BOOT3)
        .file("BOOT-INF/layers.idx", index.replace("  - \"org/\"\n", ""))
        .write(dir.resolve("app.jar"));
    assertRefused("app.jar", "", "BOOT-INF/layers.idx has no layer for org/springframework");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "  - \"BOOT-INF/\"\n",
        "- \"a\":\n- \"a\":\n",
        "- \"\":\n",
        "- \"a/b\":\n",
        "- \"a\\u001b\":\n",
        "- a:\n",
        "- \"a\":\n    - \"x\"\n",
        "{}\n"
      })
  void anIndexOfAnotherFormIsAnError(String index) {
    boot(BOOT3)
        .file("BOOT-INF/layers.idx", index.replace("\\u001b", "\u001b"))
        .write(dir.resolve("app.jar"));
    assertRefused("app.jar", "", "its BOOT-INF/layers.idx cannot be read: ");
  }

  @Test
  void moreLayersThanAnImageCanHaveAreAnError() {
    StringBuilder index = new StringBuilder();
    for (int n = 0; n < 51; n++) {
      index.append("- \"l").append(n).append("\":\n");
    }
    boot(BOOT3).file("BOOT-INF/layers.idx", index.toString()).write(dir.resolve("app.jar"));
    assertRefused("app.jar", "", "line 51 names no new layer, or one more than 50");
  }

  @Test
  void anExecutableWarRunsAndAnotherIsForAServer() {
    String launcher = BOOT3.replace("Jar", "War");
    TestJar.empty()
        .file(
            "META-INF/MANIFEST.MF",
            "Manifest-Version: 1.0\nMain-Class: " + launcher + "\nStart-Class: a.Main\n\n")
        .file(launcher.replace('.', '/') + ".class", "launcher")
        .file("WEB-INF/classes/a/Main.class", "main")
        .file("WEB-INF/lib/one.jar", "x")
        .file("WEB-INF/lib-provided/tomcat-SNAPSHOT.jar", "x")
        .file("index.html", "x")
        .write(dir.resolve("app.war"));
    Map<String, List<String>> layers = layers("app.war", "");
    assertThat(layers.keySet())
        .containsExactly(
            "app:dependencies",
            "app:spring-boot-loader",
            "app:snapshot-dependencies",
            "app:application");
    assertThat(layers.get("app:snapshot-dependencies"))
        .containsExactly("/app/WEB-INF/lib-provided/tomcat-SNAPSHOT.jar");
    assertThat(launch(of("app.war", ""))).isEqualTo("-cp\n\"/app\"\n" + launcher + "\n");
    assertThat(launch(of("app.war", "/webapps/ROOT"))).isEmpty();
  }

  @Test
  void aWarIsUnpackedForItsServer() {
    TestJar.empty()
        .file("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\n\n")
        .file("WEB-INF/web.xml", "<x/>")
        .file("WEB-INF/classes/a/Main.class", "main")
        .file("WEB-INF/classes/META-INF/imagespec/a.Main/manifest.json", "{}")
        .file("WEB-INF/lib/one.jar", "x")
        .file("WEB-INF/lib/two-SNAPSHOT.jar", "x")
        .file("css/a.css", "x")
        .file("uploads/", "")
        .write(dir.resolve("app.war"));
    assertThat(layers("app.war", "/t/ROOT").entrySet())
        .map(Object::toString)
        .containsExactly(
            "app:dependencies=[/t/ROOT/WEB-INF/lib/one.jar]",
            "app:snapshot-dependencies=[/t/ROOT/WEB-INF/lib/two-SNAPSHOT.jar]",
            "app:static=[/t/ROOT/META-INF/MANIFEST.MF, /t/ROOT/WEB-INF/web.xml,"
                + " /t/ROOT/css/a.css, /t/ROOT/uploads]",
            "app:classes=[/t/ROOT/WEB-INF/classes/a/Main.class]");
    assertRefused("app.war", "", "/usr/local/tomcat/webapps/ROOT (Tomcat)");
    boot(BOOT3).write(dir.resolve("boot.war"));
    assertRefused("boot.war", "/t/ROOT", "it is no WAR: it has no WEB-INF");
  }

  private void quarkus(String launcher) throws IOException {
    Path app = dir.resolve("target/quarkus-app");
    for (String file :
        List.of(
            "lib/boot/b.jar",
            "lib/main/m.jar",
            "lib/main/s-1-SNAPSHOT.jar",
            "app/own.jar",
            "quarkus/generated-bytecode.jar")) {
      Files.createDirectories(app.resolve(file).getParent());
      TestJar.empty().file("x", file).write(app.resolve(file));
    }
    Files.writeString(app.resolve("quarkus/quarkus-application.dat"), "x");
    Files.writeString(app.resolve("quarkus-app-dependencies.txt"), "x");
    TestJar.empty()
        .file("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nMain-Class: " + launcher + "\n\n")
        .write(app.resolve("quarkus-run.jar"));
  }

  @Test
  void aQuarkusFastJarHasTheLayersOfItsFolders() throws IOException {
    quarkus("io.quarkus.bootstrap.runner.QuarkusEntryPoint");
    assertThat(layers("target/quarkus-app", "").entrySet())
        .map(Object::toString)
        .containsExactly(
            "app:lib=[/app/lib/boot/b.jar, /app/lib/main/m.jar]",
            "app:lib-snapshots=[/app/lib/main/s-1-SNAPSHOT.jar]",
            "app:run=[/app/quarkus-app-dependencies.txt, /app/quarkus-run.jar]",
            "app:app=[/app/app/own.jar]",
            "app:quarkus=[/app/launch, /app/quarkus/generated-bytecode.jar,"
                + " /app/quarkus/quarkus-application.dat]");
    assertThat(launch(of("target/quarkus-app", ""))).isEqualTo("-jar\n\"/app/quarkus-run.jar\"\n");
    assertRefused(
        "target/quarkus-app/quarkus-run.jar",
        "",
        "a part of a Quarkus application; name the folder");
    TestJar.empty()
        .file(RegistrationRecord.RESOURCE, "{}")
        .write(dir.resolve("target/quarkus-app/app/own.jar"));
    assertRefused("target/quarkus-app", "", "an image cannot contain its own digest");
    quarkus("a.Main");
    assertRefused("target/quarkus-app", "", "the folder is no Quarkus application");
  }

  @Test
  void whatIsNoApplicationSaysWhatToDo() throws IOException {
    assertRefused("target/app.jar", "", "mvn package imagespec:plan");
    TestJar.empty()
        .file("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nMain-Class: a.Main\n\n")
        .write(dir.resolve("plain.jar"));
    assertRefused(
        "plain.jar", "", "as Main-Class (it has a.Main). To run other classes, use mainClass");
    TestJar.empty().file("x", "x").write(dir.resolve("none.jar"));
    assertRefused("none.jar", "", "(it has none)");
    Files.writeString(dir.resolve("text.jar"), "x");
    assertRefused("text.jar", "", "text.jar is no jar or WAR that can be read");
    Path outside = Files.createTempDirectory("outside");
    Files.createSymbolicLink(dir.resolve("link"), outside);
    assertRefused("link", "", "leads out of");
    Files.delete(outside);
  }

  /** What only its author can have meant does not go in, wherever it stands. */
  @Test
  void credentialsAndRecordsStayOut() throws IOException {
    boot(BOOT3).file("BOOT-INF/classes/conf/key.pem", "x").write(dir.resolve("app.jar"));
    assertRefused(
        "app.jar", "", "it has BOOT-INF/classes/conf/key.pem, which would go into the image");
    assertThat(layers("app.jar", "", "conf/key.pem").get("app:application"))
        .contains("/app/BOOT-INF/classes/conf/key.pem");
    Path nested =
        TestJar.empty().file(RegistrationRecord.RESOURCE, "{}").write(dir.resolve("nested.jar"));
    boot(BOOT3)
        .file("BOOT-INF/lib/nested.jar", Files.readAllBytes(nested))
        .write(dir.resolve("app.jar"));
    assertRefused(
        "app.jar", "", "BOOT-INF/lib/nested.jar, which holds " + RegistrationRecord.RESOURCE);
    // A text that mentions it is none.
    boot(BOOT3)
        .file("BOOT-INF/lib/nested.jar", "PK\u0001\u0002 " + RegistrationRecord.RESOURCE)
        .write(dir.resolve("app.jar"));
    assertThat(layers("app.jar", "")).isNotEmpty();
  }

  @Test
  void theSameContentIsTheSameLayers() throws IOException {
    boot(BOOT3).write(dir.resolve("one.jar"));
    backwards(dir.resolve("one.jar"), dir.resolve("two.jar"));
    assertThat(dir.resolve("two.jar")).binaryContent().isNotEqualTo(bytes(dir.resolve("one.jar")));
    assertThat(digests("one.jar")).isEqualTo(digests("two.jar"));
    boot(BOOT3).file("BOOT-INF/classes/b", "b").write(dir.resolve("two.jar"));
    List<Object> one = digests("one.jar");
    List<Object> two = digests("two.jar");
    assertThat(two.subList(0, 3)).isEqualTo(one.subList(0, 3));
    assertThat(two.get(3)).isNotEqualTo(one.get(3));
  }

  /** Writes the same entries in another order, at another time, with folders and stored. */
  private static void backwards(Path from, Path to) throws IOException {
    try (ZipFile zip = new ZipFile(from.toFile());
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(to))) {
      out.setLevel(0);
      List<ZipEntry> entries = new ArrayList<>(zip.stream().toList());
      Collections.reverse(entries);
      out.putNextEntry(new ZipEntry("BOOT-INF/"));
      for (ZipEntry entry : entries) {
        ZipEntry other = new ZipEntry(entry.getName());
        other.setTime(1_000_000_000_000L);
        out.putNextEntry(other);
        zip.getInputStream(entry).transferTo(out);
      }
    }
  }

  private static byte[] bytes(Path file) throws IOException {
    return Files.readAllBytes(file);
  }

  private List<Object> digests(String from) {
    List<Object> digests = new ArrayList<>();
    of(from, "").forEach(layer -> digests.add(layer.inputDigest()));
    return digests;
  }

  @Test
  void aMessageSaysWhatIsMissingAndWhere() {
    boot(BOOT3).file("BOOT-INF/.wh.x", "x").write(dir.resolve("app.jar"));
    assertThatThrownBy(() -> of("app.jar", ""))
        .hasMessageContaining("app.jar has the entry BOOT-INF/.wh.x");
    TestJar.empty()
        .file("META-INF/MANIFEST.MF", "Manifest-Version: 1.0\nMain-Class: " + BOOT3 + "\n\n")
        .file(BOOT3.replace('.', '/') + ".class", "launcher")
        .write(dir.resolve("app.jar"));
    assertRefused("app.jar", "", "it has no Start-Class");
  }

  static Stream<String> hostileNames() {
    return Stream.of(
        "../evil",
        "BOOT-INF/../../evil",
        "/etc/passwd",
        "a//b",
        "a/./b",
        "a\\b",
        "a\u0000b",
        "a\nb",
        "a\u202eb",
        "x/.wh.etc",
        ".wh..wh..opq",
        "n".repeat(256),
        "d/".repeat(1600) + "f",
        "BOOT-INF/classes/a/Main.class/below",
        "launch");
  }

  @ParameterizedTest
  @MethodSource("hostileNames")
  void aNameThatNoImageCanHaveIsRefused(String name) {
    boot(BOOT3).file(name, "x").write(dir.resolve("app.jar"));
    assertThatThrownBy(() -> of("app.jar", ""))
        .isInstanceOf(ImageSpecException.class)
        .extracting(e -> ((ImageSpecException) e).code())
        .isEqualTo(FailureCode.INVALID_FILE);
    assertThatThrownBy(() -> of("app.jar", "")).message().doesNotContain("\u0000", "\u202e");
  }

  @Test
  void aNameThatStandsTwiceOrIsNotUtf8IsRefused() throws IOException {
    boot(BOOT3)
        .file("BOOT-INF/classes/x1", "x")
        .file("BOOT-INF/classes/x2", "x")
        .write(dir.resolve("a"));
    byte[] jar = Files.readAllBytes(dir.resolve("a"));
    patched(jar, "classes/x2", "classes/x1".getBytes(StandardCharsets.UTF_8));
    assertRefused("b", "", "has the entry BOOT-INF/classes/x1 twice");
    patched(
        jar, "classes/x2", new byte[] {'c', 'l', 'a', 's', 's', 'e', 's', '/', (byte) 0xff, '2'});
    assertRefused("b", "", "b is no jar or WAR that can be read");
  }

  /** Writes the archive b: with another text wherever one stands. */
  private void patched(byte[] jar, String text, byte[] other) throws IOException {
    byte[] copy = jar.clone();
    byte[] wanted = text.getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at + wanted.length <= copy.length; at++) {
      if (Arrays.equals(copy, at, at + wanted.length, wanted, 0, wanted.length)) {
        System.arraycopy(other, 0, copy, at, other.length);
      }
    }
    Files.write(dir.resolve("b"), copy);
  }

  @Test
  void whatUnpacksToTooMuchIsRefusedBeforeItIsRead() throws IOException {
    boot(BOOT3).file("BOOT-INF/classes/big", "x".repeat(4000)).write(dir.resolve("a"));
    byte[] jar = Files.readAllBytes(dir.resolve("a"));
    // The directory says 8 bytes, and there are 4000.
    for (int at = 0; at + 46 < jar.length; at++) {
      boolean isBig =
          jar[at] == 'P'
              && jar[at + 1] == 'K'
              && jar[at + 2] == 1
              && jar[at + 24] == (byte) (4000 & 0xff)
              && jar[at + 25] == 4000 >> 8;
      if (isBig) {
        jar[at + 24] = 8;
        jar[at + 25] = 0;
      }
    }
    Files.write(dir.resolve("b"), jar);
    assertRefused("b", "", "has BOOT-INF/classes/big larger than its directory says");
  }
}
