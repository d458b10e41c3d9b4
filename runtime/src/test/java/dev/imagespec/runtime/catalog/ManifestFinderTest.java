package dev.imagespec.runtime.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.check.Code;
import dev.imagespec.dockerfile.Dockerfile;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.TaskSource;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarOutputStream;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Opcodes;

/** Manifests that are there although their classes ask for no image (any more). */
class ManifestFinderTest {
  private static final int VERSION_AT = 6;

  @TempDir Path dir;

  private static Manifest manifest(String task, String... annotations) {
    return new Manifest(
        task,
        List.of(annotations),
        "",
        "app",
        "b:1",
        "",
        Manifest.OwnDockerfile.NONE,
        List.of(Platform.DEFAULT),
        Manifest.Environment.NONE,
        Manifest.Payload.NONE,
        Manifest.Repository.DEFAULT);
  }

  private static byte[] classFile(String name, String... annotations) {
    ClassWriter writer = new ClassWriter(0);
    writer.visit(
        Opcodes.V17, Opcodes.ACC_SUPER, name.replace('.', '/'), null, "java/lang/Object", null);
    for (String annotation : annotations) {
      writer.visitAnnotation("L" + annotation.replace('.', '/') + ";", false).visitEnd();
    }
    writer.visitEnd();
    return writer.toByteArray();
  }

  private void put(String path, byte[] bytes) throws IOException {
    Path file = dir.resolve(path);
    Files.createDirectories(dir.resolve(path.substring(0, path.lastIndexOf('/'))));
    Files.write(file, bytes);
  }

  private void put(Manifest manifest) throws IOException {
    put(manifest.resourceName(), manifest.toJson().getBytes(StandardCharsets.UTF_8));
  }

  private Path jar() throws IOException {
    Map<String, Path> files = new TreeMap<>();
    try (Stream<Path> tree = Files.walk(dir)) {
      tree.filter(Files::isRegularFile)
          .forEach(file -> files.put(dir.relativize(file).toString(), file));
    }
    Path jar = dir.resolve("tasks.jar");
    try (OutputStream out = Files.newOutputStream(jar);
        JarOutputStream entries = new JarOutputStream(out)) {
      for (Map.Entry<String, Path> file : files.entrySet()) {
        entries.putNextEntry(new ZipEntry(file.getKey()));
        Files.copy(file.getValue(), entries);
        entries.closeEntry();
      }
    }
    return jar;
  }

  private Catalog catalog(boolean inJar) throws IOException {
    Path entry = inJar ? jar() : dir;
    return Catalog.of(
        List.of(TaskSource.of(dir, List.of(entry), inJar ? List.of(entry) : List.of())));
  }

  /** The notes without those of the jars that tasks come from. */
  private static List<String> notes(Catalog catalog) {
    return catalog.notes().stream().filter(note -> !note.matches("a\\.[^ ]+.* from .*")).toList();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aManifestWhoseClassIsGoneIsPassedOver(boolean inJar) throws IOException {
    put(manifest("a.Gone", Manifest.ANNOTATION));
    put(manifest("a.There", Manifest.ANNOTATION));
    put("a/There.class", classFile("a.There", Manifest.ANNOTATION));
    Catalog catalog = catalog(inJar);
    assertThat(catalog.names()).containsExactly("a.There");
    assertThat(notes(catalog))
        .singleElement()
        .asString()
        .endsWith("is passed over: its class a.Gone is gone; compile afresh");
    assertThatThrownBy(() -> catalog.only(List.of("a.Gone")))
        .hasMessageContaining("its class a.Gone is gone");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aManifestWhoseClassHasLostTheAnnotationIsPassedOver(boolean inJar) throws IOException {
    put(manifest("a.Plain", Manifest.ANNOTATION));
    put("a/Plain.class", classFile("a.Plain", "org.jspecify.annotations.NullMarked"));
    put(manifest("a.Mine", "a.Outer$Mine"));
    put("a/Mine.class", classFile("a.Mine", Manifest.ANNOTATION));
    put(manifest("a.There", "a.Outer$Mine", Manifest.ANNOTATION));
    put("a/There.class", classFile("a.There", Manifest.ANNOTATION, "a.Outer$Mine", "a.Other"));
    Catalog catalog = catalog(inJar);
    assertThat(catalog.names()).containsExactly("a.There");
    assertThat(notes(catalog)).hasSize(2);
    assertThat(notes(catalog).get(0)).contains("a.Mine no longer carries @a.Outer$Mine");
    assertThat(notes(catalog).get(1))
        .contains("a.Plain no longer carries @dev.imagespec.ImageSpec");
  }

  @Test
  void aClassFileOfALaterJavaIsReadAndAnUnreadableOneIsLeftToTheManifest() throws IOException {
    byte[] later = classFile("a.Later");
    later[VERSION_AT + 1] = 99;
    put(manifest("a.Later", Manifest.ANNOTATION));
    put("a/Later.class", later);
    put(manifest("a.Unreadable", Manifest.ANNOTATION));
    put("a/Unreadable.class", new byte[] {1});
    Catalog catalog = Catalog.of(List.of(TaskSource.of(dir, List.of(dir))));
    assertThat(catalog.names()).containsExactly("a.Unreadable");
    assertThat(notes(catalog)).singleElement().asString().contains("a.Later no longer carries");
  }

  @Test
  void aSourceIsLimitedToClassesByTheirNames() throws IOException {
    put(manifest("a.There$In", Manifest.ANNOTATION));
    put("a/There$In.class", classFile("a.There$In", Manifest.ANNOTATION));
    put(manifest("a.Other", Manifest.ANNOTATION));
    put("a/Other.class", classFile("a.Other", Manifest.ANNOTATION));
    TaskSource source = TaskSource.of(dir, List.of(dir));
    assertThat(Catalog.of(List.of(source.withClasses(List.of("a.There.In")))).names())
        .containsExactly("a.There$In");
    assertThatThrownBy(() -> Catalog.of(List.of(source.withClasses(List.of("a.Plain")))))
        .hasMessageContaining("There is no manifest of a.Plain")
        .hasMessageContaining("a.Other");
  }

  @Test
  void tasksAreLookedForWhereTheyAreTheModulesOwn() throws IOException {
    put(manifest("a.One", Manifest.ANNOTATION));
    put("a/One.class", classFile("a.One", Manifest.ANNOTATION));
    List<TaskSource.Entry> entries = List.of(new TaskSource.Entry(dir, TaskSource.Kind.DEPENDENCY));
    TaskSource user = new TaskSource("user", dir, entries, List.of());
    assertThat(Catalog.of(List.of(user)).names()).isEmpty();
    TaskSource owner = TaskSource.of(dir, List.of(dir)).withName("owner");
    assertThat(Catalog.of(List.of(user, owner)).names()).containsExactly("a.One");
    assertThatThrownBy(() -> Catalog.of(List.of(owner, owner.withName("twin"))))
        .hasMessageContaining("a.One is a task of owner and of twin");
  }

  private void putDockerfile(String task, String text) throws IOException {
    put(Manifest.resourceFolder(task) + Dockerfile.FILE, text.getBytes(StandardCharsets.UTF_8));
  }

  /** A manifest that no compiler writes: it is another's, or was edited. */
  private static Manifest wrong(String task) {
    return new Manifest(
        task,
        "",
        "app",
        "scratch",
        "",
        List.of(Platform.DEFAULT),
        new Manifest.Environment(
            List.of(), List.of(), "", "", List.of(), List.of("id"), List.of("a b")),
        Manifest.Payload.NONE,
        Manifest.Repository.DEFAULT);
  }

  private static void isRefused(ThrowingCallable search, String origin) {
    assertThatThrownBy(search)
        .isInstanceOfSatisfying(
            ImageSpecException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.INVALID_MANIFEST))
        .message()
        .isEqualTo(
            origin
                + ": the manifest of a.Wrong asks for what cannot work:\n"
                + "IMG011 commands[0] \"id\": an image on scratch has nothing that could do this; name"
                + " a base image that has. See "
                + Code.PAGE
                + "#img011\n"
                + "IMG016 secrets[0] \"a b\": a secret's id has letters, digits, dots, underscores and"
                + " dashes; its value does not stand here. See "
                + Code.PAGE
                + "#img016\n"
                + "Compile the class again with the imagespec-processor of this release.");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aDockerfileThatIsNotItsManifestsIsNoted(boolean inJar) throws IOException {
    for (String task : List.of("a.Changed", "a.Empty", "a.Garbled", "a.Missing", "a.Same")) {
      put(manifest(task, Manifest.ANNOTATION));
      put(task.replace('.', '/') + ".class", classFile(task, Manifest.ANNOTATION));
    }
    String right = Dockerfile.of(manifest("a.Changed", Manifest.ANNOTATION));
    putDockerfile("a.Changed", right.replace("\nFROM environment", "\nRUN evil\nFROM environment"));
    putDockerfile("a.Empty", "");
    put(Manifest.resourceFolder("a.Garbled") + Dockerfile.FILE, new byte[] {(byte) 0xff});
    putDockerfile("a.Same", Dockerfile.of(manifest("a.Same", Manifest.ANNOTATION)));
    Catalog catalog = catalog(inJar);
    assertThat(catalog.tasks()).hasSize(5);
    assertThat(notes(catalog))
        .hasSize(3)
        .allMatch(note -> note.startsWith(dir.toString()) && note.endsWith("; compile afresh"));
    assertThat(notes(catalog).get(0))
        .contains(
            "META-INF/imagespec/a.Changed/Dockerfile is not the Dockerfile of a.Changed and is not"
                + " used: its manifest says what is built");
    assertThat(notes(catalog.only(List.of("a.Empty"))))
        .as("of its own tasks alone")
        .singleElement()
        .asString()
        .contains("a.Empty");
    assertThat(notes(catalog.only(List.of("a.Same")))).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatTheCompilerRefusesIsRefusedWhereItIsRead(boolean inJar) throws IOException {
    Manifest wrong = wrong("a.Wrong");
    put(wrong);
    put("a/Wrong.class", classFile("a.Wrong", Manifest.ANNOTATION));
    isRefused(
        () -> catalog(inJar),
        inJar
            ? dir.resolve("tasks.jar") + "!/" + wrong.resourceName()
            : dir.resolve(wrong.resourceName()).toString());
  }

  @Test
  void whatIsNotRegisteredIsNotRefused() throws IOException {
    put(wrong("a.Gone"));
    assertThat(Catalog.of(List.of(TaskSource.of(dir, List.of(dir)))).notes())
        .singleElement()
        .asString()
        .contains("a.Gone");
    put(manifest("a.Twice", Manifest.ANNOTATION));
    put("a/Twice.class", classFile("a.Twice", Manifest.ANNOTATION));
    Path first = Files.move(jar(), dir.resolveSibling(dir.getFileName() + "-first.jar"));
    put(wrong("a.Twice"));
    assertThat(
            Catalog.of(List.of(TaskSource.of(dir, List.of(first, dir), List.of(first))))
                .manifests())
        .containsExactly(manifest("a.Twice", Manifest.ANNOTATION));
    Files.delete(first);
  }

  @Test
  void aFileSystemThatTookTwoNamesForOneIsNoticed() throws IOException {
    put(
        Manifest.resourceFolder("a.Etl") + Manifest.FILE,
        manifest("a.ETL", Manifest.ANNOTATION).toJson().getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> Catalog.of(List.of(TaskSource.of(dir, List.of(dir)))))
        .isInstanceOfSatisfying(
            ImageSpecException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.INVALID_MANIFEST))
        .hasMessageContaining("a.ETL")
        .hasMessageContaining("rename one");
    put(manifest("a.Etl", Manifest.ANNOTATION));
    put("a/Etl.class", classFile("a.ETL", Manifest.ANNOTATION));
    assertThatThrownBy(() -> Catalog.of(List.of(TaskSource.of(dir, List.of(dir)))))
        .hasMessageContaining("rename one");
  }

  /** Each text of a manifest, one by one, becomes what no text can be. */
  @ParameterizedTest
  @ValueSource(strings = {"\\u0000", "\\ud800", "\\udc00x"})
  void aTextThatIsNoneIsRefusedWhereverItStands(String odd) throws IOException {
    Manifest full =
        new Manifest(
            "a.Full",
            List.of("dev.imagespec.ImageSpec"),
            "ghcr.io/acme",
            "app",
            "debian:12",
            "",
            Manifest.OwnDockerfile.NONE,
            List.of(Platform.DEFAULT),
            new Manifest.Environment(
                List.of("git"),
                List.of("six==1"),
                "requirements.txt",
                "https://pypi.example/simple",
                List.of("https://other.example/simple"),
                List.of("true"),
                List.of("secret")),
            new Manifest.Payload(
                false,
                "",
                List.of(),
                List.of("/run"),
                List.of("arg"),
                List.of("80/tcp"),
                List.of("/data"),
                "/work",
                "app",
                List.of(new Manifest.Copy("from", "/to", "0644")),
                Map.of("NAME", "value"),
                Map.of("label", "text")),
            new Manifest.Repository(true, true, "", List.of("123456789012"), 1));
    put("a/Full.class", classFile("a.Full", "dev.imagespec.ImageSpec"));
    put(full);
    assertThat(ManifestFinder.search(List.of(dir)).manifests()).hasSize(1);
    String json = full.toJson();
    Matcher text = Pattern.compile("\"([^\"]+)\"(?!:)").matcher(json);
    int refused = 0;
    while (text.find()) {
      String changed = json.substring(0, text.end(1)) + odd + json.substring(text.end(1));
      put(full.resourceName(), changed.getBytes(StandardCharsets.UTF_8));
      assertThatThrownBy(() -> ManifestFinder.search(List.of(dir)))
          .as(text.group(1))
          .isInstanceOfSatisfying(
              ImageSpecException.class,
              e -> assertThat(e.code()).isEqualTo(FailureCode.INVALID_MANIFEST))
          .hasMessageNotContaining("bug");
      refused++;
    }
    assertThat(refused).isGreaterThan(20);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"2147483648", "9223372036854775807", "99999999999999999999", "1e308", "-1"})
  void aNumberThatIsNoneIsRefused(String number) throws IOException {
    Manifest plain = manifest("a.Full");
    put("a/Full.class", classFile("a.Full"));
    String json = plain.toJson();
    assertThat(json).contains("\"schema\": 1");
    put(
        plain.resourceName(),
        json.replace("\"schema\": 1", "\"schema\": " + number).getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> ManifestFinder.search(List.of(dir)))
        .isInstanceOfSatisfying(
            ImageSpecException.class,
            e -> assertThat(e.code()).isEqualTo(FailureCode.INVALID_MANIFEST))
        .hasMessageNotContaining("bug");
  }

  /** As many mistakes as a manifest has room for, and texts as long: people have to read it. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "\"platforms\": [%s]",
        "\"task\": \"%s\"",
        "\"schema\": 1, %s: 1",
        "\"schema\": 1, %s: 1, %s",
        "\"name\": \"%s\""
      })
  void whatIsSaidOfAManifestHasAnEnd(String members) throws IOException {
    Manifest plain = manifest("a.Full");
    put("a/Full.class", classFile("a.Full", Manifest.ANNOTATION));
    String json = plain.toJson();
    String many =
        members.contains("[")
            ? String.join(",", Collections.nCopies(50_000, "\"linux/odd\""))
            : members.contains("\"%s") ? "x".repeat(300_000) : quoted("x".repeat(300_000));
    String member = members.replace("%s", many);
    String key = members.substring(0, members.indexOf(':'));
    assertThat(json).contains(key);
    String changed =
        json.replaceFirst(
            "(?s)" + key + ": (\\[.*?\\]|\"[^\"]*\"|1)", Matcher.quoteReplacement(member));
    put(plain.resourceName(), changed.getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> ManifestFinder.search(List.of(dir)))
        .isInstanceOfSatisfying(
            ImageSpecException.class,
            e -> {
              assertThat(e.code()).isEqualTo(FailureCode.INVALID_MANIFEST);
              assertThat(e.getMessage()).hasSizeLessThan(20_000);
            });
  }

  private static String quoted(String text) {
    return '"' + text + '"';
  }
}
