package dev.imagespec.runtime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.imagespec.runtime.catalog.ClassPath;
import dev.imagespec.testkit.TestImage;
import dev.imagespec.testkit.TestJar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A program finds in its image what it finds on the machine. */
class ClassPathMeaningTest {
  private static final String PROGRAM =
      """
      package a;

      import java.net.URL;
      import java.util.Collections;
      import java.util.ServiceLoader;

      public class Program {
        public static void main(String[] names) throws Exception {
          ClassLoader loader = Program.class.getClassLoader();
          for (String name : names) {
            for (URL url : Collections.list(loader.getResources(name))) {
              System.out.print(name + "=");
              if (!name.endsWith("/") && !name.isEmpty()) {
                System.out.print(new String(url.openStream().readAllBytes(), "UTF-8"));
              }
              System.out.println();
            }
          }
          try {
            System.out.println(Class.forName("v.V").getMethod("text").invoke(null));
          } catch (ClassNotFoundException e) {
            System.out.println("no v.V");
          }
          for (Runnable plugin : ServiceLoader.load(Runnable.class)) {
            System.out.println(plugin.getClass().getName());
          }
        }
      }
      """;

  @TempDir Path dir;
  @RegisterExtension final LocalRegistries registries = new LocalRegistries();
  private Project project = new Project(Path.of(""));

  @BeforeEach
  void start() throws IOException {
    registries.other.push("base", "1", TestImage.builder().layer("etc/a", "a").build());
    project = new Project(dir.resolve("app"));
    project.task(
        Project.task(
            "a.Task", "team/app", Project.BASE, Project.program("a.Program"), "linux/amd64"));
    compile(project.classes, "a.Program", PROGRAM);
    for (String folder : List.of("one", "two")) {
      Path root = dir.resolve(folder);
      String name = folder.substring(0, 1).toUpperCase(java.util.Locale.ROOT) + folder.substring(1);
      compile(
          root,
          folder + "." + name,
          "package "
              + folder
              + "; public class "
              + name
              + " implements Runnable { public void run() {} }");
      compile(root, "v.V", version(folder));
      write(root.resolve("META-INF/services/java.lang.Runnable"), folder + "." + name);
      write(root.resolve("META-INF/spring.factories"), folder);
      write(root.resolve("reference.conf"), folder);
      Files.createDirectories(root.resolve("empty"));
    }
    Path patch = dir.resolve("patch");
    compile(patch, "v.V", version("patched"));
    TestJar.empty()
        .file("v/V.class", Files.readAllBytes(patch.resolve("v/V.class")))
        .file("reference.conf", "patched")
        .write(dir.resolve("patched.jar"));
    Files.createDirectories(dir.resolve("nothing"));
  }

  private static String version(String text) {
    return "package v; public class V { public static String text() { return \"" + text + "\"; } }";
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.resolveSibling(""));
    Files.writeString(file, text);
  }

  private void compile(Path to, String name, String source, Path... classPath) throws IOException {
    Path file =
        dir.resolve("sources").resolve(to.getFileName()).resolve(name.replace('.', '/') + ".java");
    write(file, source);
    Files.createDirectories(to);
    assertThat(
            ToolProvider.getSystemJavaCompiler()
                .run(
                    null,
                    null,
                    null,
                    "--release",
                    "17",
                    "-proc:none",
                    "-cp",
                    System.getProperty("java.class.path")
                        + Arrays.stream(classPath)
                            .map(path -> ":" + path)
                            .collect(Collectors.joining()),
                    "-d",
                    to.toString(),
                    file.toString()))
        .isZero();
  }

  /** Runs the program; {@code classPath} as for {@code -cp}. */
  private static String run(String classPath) throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-cp",
                classPath,
                "a.Program",
                "META-INF/services/java.lang.Runnable",
                "META-INF/spring.factories",
                "reference.conf",
                "empty/",
                "v/",
                "")
            .redirectErrorStream(true)
            .start();
    String output =
        new String(
            process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
    return output;
  }

  /** Lays out what the image gets above its base; returns the folder. */
  private Path image(List<Path> classPath) throws IOException {
    Path context = Files.createTempDirectory(dir, "context");
    LocalRegistries.registrar(registries.settings(project).classPath(classPath))
        .export("a.Task", context);
    Path root = Files.createTempDirectory(dir, "image");
    for (String part : List.of("libs", "resources", "classes")) {
      copy(context.resolve(part), root);
    }
    Files.copy(context.resolve("classpath"), root.resolve("app/classpath"));
    return root;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> tree = Files.walk(from)) {
      for (Path path : tree.toList()) {
        Path target = to.resolve(from.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(target);
        } else {
          Files.copy(path, target);
        }
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "one:two:app/classes",
        "two:app/classes:one",
        "one:patched.jar:app/classes:two",
        "patched.jar:one:app/classes",
        "app/classes:nothing:two:patched.jar:one",
        "missing/main:one:app/classes:missing.jar",
        "one:some.pom:app/classes",
        "one:one:app/classes:one",
      })
  void theProgramFindsTheSame(String classPath) throws Exception {
    write(dir.resolve("some.pom"), "<project/>");
    List<Path> entries = Arrays.stream(classPath.split(":", -1)).map(dir::resolve).toList();
    String here = run(entries.stream().map(Path::toString).collect(Collectors.joining(":")));
    Path image = image(entries);
    String argument = Files.readString(image.resolve("app/classpath")).strip().replace("\"", "");
    String there =
        run(
            Arrays.stream(argument.split(":", -1))
                .map(entry -> image + entry)
                .collect(Collectors.joining(":")));
    assertThat(there).isEqualTo(here).contains("reference.conf=one");
  }

  @Test
  void aWildcardStandsForTheJarsThatJavaTakesForIt() throws IOException {
    Path libs = dir.resolve("libs");
    Files.createDirectories(libs.resolve("folder.jar"));
    for (String name : List.of("b.jar", "A.JAR", "c.Jar", "d.zip", "jar")) {
      TestJar.empty().file("a", "a").write(libs.resolve(name));
    }
    assertThat(ClassPath.expand(List.of(libs.resolve("*"))))
        .containsExactly(libs.resolve("A.JAR"), libs.resolve("b.jar"));
  }

  @Test
  void whatJavaPassesOverIsPassedOverWithANote() throws IOException {
    write(dir.resolve("some.pom"), "<project/>");
    write(dir.resolve("broken.jar"), "PK");
    List<String> events = new ArrayList<>();
    Settings settings =
        registries
            .settings(project)
            .classPath(
                List.of(
                    dir.resolve("gone/classes"),
                    project.classes,
                    dir.resolve("some.pom"),
                    dir.resolve("nowhere/*")))
            .build();
    ImageRegistrar.of(settings).withListener(event -> events.add(event.toString())).plan();
    assertThat(events)
        .filteredOn(event -> event.contains("passed over"))
        .singleElement()
        .asString()
        .contains("as java does: ")
        .contains(dir.resolve("gone/classes") + ", which does not exist; ")
        .contains(dir.resolve("some.pom") + ", which is no jar; ")
        .contains(dir.resolve("nowhere/*") + ", which does not exist");
    Settings broken =
        registries
            .settings(project)
            .classPath(List.of(project.classes, dir.resolve("broken.jar")))
            .build();
    assertThatThrownBy(() -> ImageRegistrar.of(broken).plan())
        .isInstanceOf(ImageSpecException.class)
        .hasMessageContaining(dir.resolve("broken.jar") + " cannot be read");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".env",
        ".envrc",
        "gcp/credentials.json",
        ".git/config",
        ".ssh/id_rsa",
        "conf/.aws/credentials",
        "a/id_ed25519",
        "k.pem"
      })
  void credentialsInAFolderStayOutUnlessTheyAreNamed(String file) throws IOException {
    write(project.classes.resolve(file), "secret");
    SettingsBuilder settings = registries.settings(project);
    assertThatThrownBy(() -> ImageRegistrar.of(settings.build()).register())
        .isInstanceOf(ImageSpecException.class)
        .hasMessageContaining("the class path folder " + project.classes + " has ")
        .hasMessageContaining("imagespec.allowed-files")
        .hasMessageNotContaining("secret");
    assertThat(registries.ecr.journal().entries()).isEmpty();
    settings.allowedFiles(List.of(file.replaceFirst("(\\.(git|ssh|aws))/.*", "$1")));
    assertThat(ImageRegistrar.of(settings.build()).register().failures()).isEmpty();
  }

  @Test
  void aLinkToCredentialsIsLikeThem() throws IOException {
    write(project.classes.resolve("k.pem"), "secret");
    Files.createSymbolicLink(project.classes.resolve("first.txt"), Path.of("k.pem"));
    assertThatThrownBy(() -> ImageRegistrar.of(registries.settings(project).build()).plan())
        .hasMessageContaining("has first.txt");
  }

  @Test
  void aProgramWhoseJarsAreMissingIsWarnedOf() throws IOException {
    Path library = dir.resolve("library");
    compile(library, "lib.Log", "package lib; public class Log { public static void say() {} }");
    compile(
        project.classes,
        "a.Uses",
        "package a; class Uses { lib.Log[][] logs; void run() { lib.Log.say(); new lib.Log[1][1].clone(); } }",
        library);
    assertThat(warnings(project.classes))
        .singleElement()
        .asString()
        .contains("a.Uses refers to lib.Log, which no entry of the class path has")
        .doesNotContain("java.");
    Path jar = dir.resolve("library.jar");
    TestJar.empty()
        .file("lib/Log.class", Files.readAllBytes(library.resolve("lib/Log.class")))
        .write(jar);
    assertThat(warnings(project.classes, jar)).isEmpty();
    assertThat(warnings(library, project.classes)).isEmpty();
    Path versions = dir.resolve("versions.jar");
    TestJar.empty()
        .file("META-INF/versions/11/", "")
        .file(
            "META-INF/versions/11/lib/Log.class",
            Files.readAllBytes(library.resolve("lib/Log.class")))
        .write(versions);
    assertThat(warnings(project.classes, versions)).isEmpty();
  }

  private List<String> warnings(Path... classPath) {
    List<String> events = new ArrayList<>();
    ImageRegistrar.of(registries.settings(project).classPath(List.of(classPath)).build())
        .withListener(event -> events.add(event.toString()))
        .plan();
    return events.stream().filter(event -> event.startsWith("warning: class path")).toList();
  }

  @Test
  void aTaskThatWasCompiledWithoutTheProcessorIsNamed() throws IOException {
    Path other = dir.resolve("other");
    String task = "package b; @dev.imagespec.ImageSpec(name = \"x\") public class Late {}";
    compile(other, "b.Late", task);
    compile(
        other,
        "b.Gpu",
        "package b; @dev.imagespec.ImageSpec(name = \"x\") public @interface Gpu {}");
    String explanation =
        "b.Late is annotated with @ImageSpec, but compiled without the annotation processor";
    for (Path entry : List.of(other, jar(other))) {
      SettingsBuilder settings = registries.settings(project);
      if (Files.isRegularFile(entry)) {
        settings.taskJars(List.of(entry));
      }
      assertThatThrownBy(() -> ImageRegistrar.of(settings.classPath(List.of(entry)).build()).plan())
          .isInstanceOf(ImageSpecException.class)
          .hasMessageContaining(explanation)
          .hasMessageContaining("-proc:none");
      SettingsBuilder both = settings.classPath(List.of(entry, project.classes));
      List<String> events = new ArrayList<>();
      ImageRegistrar.of(both.build()).withListener(event -> events.add(event.toString())).plan();
      assertThat(events).anyMatch(event -> event.contains(explanation));
      assertThatThrownBy(() -> ImageRegistrar.of(both.classes(List.of("b.Late")).build()).plan())
          .hasMessageContaining(explanation);
    }
  }

  private Path jar(Path folder) throws IOException {
    return TestJar.empty()
        .file("b/Late.class", Files.readAllBytes(folder.resolve("b/Late.class")))
        .write(dir.resolve("late.jar"));
  }

  @Test
  void classesAndResourcesOfAFolderAreLayersOfTheirOwn() {
    Settings settings =
        registries
            .settings(project)
            .classPath(List.of(dir.resolve("one"), project.classes))
            .build();
    ImageRegistrar registrar = ImageRegistrar.of(settings).withTaskRegistrars(List.of());
    assertThat(registrar.register().failures()).isEmpty();
    registries.ecr.journal().clear();
    try {
      write(dir.resolve("one/reference.conf"), "changed");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    assertThat(registrar.register().failures()).isEmpty();
    assertThat(registries.ecr.journal().count("PUT blob"))
        .as("the resources and the configuration")
        .isEqualTo(2);
  }
}
