package dev.imagespec.processor;

import static com.google.testing.compile.CompilationSubject.assertThat;
import static com.google.testing.compile.Compiler.javac;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.testing.compile.Compilation;
import com.google.testing.compile.JavaFileObjects;
import dev.imagespec.model.Manifest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileObject;
import javax.tools.StandardLocation;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Specs that stand on packages and annotations, and specs based on others. */
class ReuseTest {
  private static final String IMPORTS = "package t;\nimport dev.imagespec.*;\n";
  private static final JavaFileObject DEFAULTS =
      source(
          "t.package-info",
          """
          @ImageSpec(
              registry = "ghcr.io",
              baseImage = "far:1",
              aptPackages = "git=1:2",
              entrypoint = {"a", "b"},
              env = {@Env(name = "A", value = "far"), @Env(name = "B", value = "far")},
              repository = @Repository(scanOnPush = true, expireAfterDays = 3))
          package t;

          import dev.imagespec.*;
          """);
  private static final JavaFileObject PYTHON =
      source(
          "t.Python",
          IMPORTS
              + """
              @ImageSpec(
                  baseImage = "middle:1",
                  aptPackages = {"git=1:2", "curl=8"},
                  entrypoint = "c",
                  env = @Env(name = "B", value = "middle"))
              @interface Python {}
              """);

  @TempDir private Path dir;

  private static JavaFileObject source(String name, String text) {
    return JavaFileObjects.forSourceString(name, text);
  }

  private static JavaFileObject task(String text) {
    return source("t.Task", IMPORTS + text);
  }

  private static Compilation compile(JavaFileObject... sources) {
    return javac().withProcessors(new ImageSpecProcessor()).compile(sources);
  }

  private static Manifest manifest(Compilation compilation) {
    assertThat(compilation).succeeded();
    JavaFileObject file =
        compilation
            .generatedFile(StandardLocation.CLASS_OUTPUT, "META-INF/imagespec/t.Task/manifest.json")
            .orElseThrow();
    try {
      return Manifest.parse(
          new String(file.openInputStream().readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void whatStandsNearerWinsAndArraysAdd() {
    Manifest manifest =
        manifest(
            compile(
                DEFAULTS,
                PYTHON,
                task(
                    "@Python @ImageSpec(aptPackages = \"jq=1\", env = @Env(name = \"C\", value ="
                        + " \"near\"), repository = @Repository(expireAfterDays = 5)) class Task {}")));
    assertThat(manifest.registry()).isEqualTo("ghcr.io");
    assertThat(manifest.baseImage()).isEqualTo("middle:1");
    assertThat(manifest.environment().aptPackages()).containsExactly("git=1:2", "curl=8", "jq=1");
    assertThat(manifest.payload().entrypoint()).containsExactly("c");
    assertThat(manifest.payload().env()).isEqualTo(Map.of("A", "far", "B", "middle", "C", "near"));
    assertThat(manifest.repository())
        .isEqualTo(new Manifest.Repository(false, true, "", List.of(), 5));
  }

  @Test
  void howPackagesAreInstalledAddsUp() {
    JavaFileObject defaults =
        source(
            "t.package-info",
            """
            @ImageSpec(baseImage = "far:1", pipPre = true, pipNoBuildIsolation = true,
                pipFindLinks = "https://far", pipArgs = {"--no-compile", "--retries=1"},
                pipIndexes = @PipIndex(url = "https://t", packages = "torch==2"))
            package t;

            import dev.imagespec.*;
            """);
    Manifest.Pip pip =
        manifest(
                compile(
                    defaults,
                    task(
                        "@ImageSpec(pipPre = false, pipFindLinks = \"https://near\", pipArgs ="
                            + " \"--no-compile\", pipIndexes = @PipIndex(url = \"https://u\","
                            + " packages = \"jax==1\")) class Task {}")))
            .environment()
            .pip();
    assertThat(pip)
        .isEqualTo(
            new Manifest.Pip(
                false,
                true,
                List.of("https://far", "https://near"),
                List.of(
                    new Manifest.PipIndex("https://t", List.of("torch==2")),
                    new Manifest.PipIndex("https://u", List.of("jax==1"))),
                List.of("--no-compile", "--retries=1")));
    JavaFileObject composed =
        source("t.Pre", IMPORTS + "@ImageSpec(pipPre = true) @interface Pre {}");
    JavaFileObject other =
        source("t.Not", IMPORTS + "@ImageSpec(pipPre = false) @interface Not {}");
    assertThat(compile(composed, other, task("@Pre @Not class Task {}")))
        .hadErrorContaining("pipPre");
  }

  @Test
  void whatAnnotationsPrependAddsUpTheNearestFirst() {
    JavaFileObject defaults =
        source(
            "t.package-info",
            """
            @ImageSpec(baseImage = "far:1", env = {
                @Env(name = "PATH", prepend = "/far:/both"),
                @Env(name = "MANPATH", value = "/usr/man"),
                @Env(name = "PYTHONPATH", prepend = "/far"),
                @Env(name = "LUA_PATH", prepend = "/far")})
            package t;

            import dev.imagespec.*;
            """);
    JavaFileObject composed =
        source(
            "t.Tools",
            IMPORTS
                + "@ImageSpec(env = {@Env(name = \"PATH\", prepend = \"/middle\"), @Env(name ="
                + " \"MANPATH\", prepend = \"/middle\"), @Env(name = \"PYTHONPATH\", value ="
                + " \"/whole\")}) @interface Tools {}");
    Manifest.Payload payload =
        manifest(
                compile(
                    defaults,
                    composed,
                    task(
                        "@Tools @ImageSpec(env = {@Env(name = \"PATH\", prepend = \"/near:/both\"),"
                            + " @Env(name = \"PYTHONPATH\", prepend = \"/near\")}) class Task {}")))
            .payload();
    assertThat(payload.envPrepend())
        .isEqualTo(Map.of("PATH", "/near:/both:/middle:/far", "LUA_PATH", "/far"));
    assertThat(payload.env())
        .isEqualTo(Map.of("MANPATH", "/middle:/usr/man", "PYTHONPATH", "/near:/whole"));
  }

  @Test
  void aClassThatCarriesNothingIsNoTaskWhateverItsPackageSays() {
    Compilation compilation = compile(DEFAULTS, source("t.Other", "package t; class Other {}"));
    assertThat(compilation).succeededWithoutWarnings();
    assertThat(compilation.generatedFiles())
        .noneMatch(file -> file.getName().contains("META-INF/imagespec"));
  }

  @Test
  void aPartIsCheckedWhereItStandsAndOnce() {
    JavaFileObject part =
        source("t.Part", IMPORTS + "@ImageSpec(user = \"a b\")\n@interface Part {}\n");
    Compilation compilation =
        compile(
            part,
            task(
                "@Part @ImageSpec(baseImage = \"b:1\") class Task {}\n"
                    + "@Part @ImageSpec(baseImage = \"b:1\") class Two {}"));
    assertThat(compilation).hadErrorCount(1);
    assertThat(compilation).hadErrorContaining("IMG033 user \"a b\"").inFile(part).onLine(3);
  }

  @Test
  void whatStandsInAJarIsReportedOnTheClassThatCarriesIt() throws IOException {
    Files.createDirectories(dir.resolve("lib"));
    Path file = dir.resolve("Part.java");
    Files.writeString(
        file,
        "package lib; @dev.imagespec.ImageSpec(user = \"a b\", baseImage = \"b:1\")"
            + " public @interface Part {}");
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    int code =
        compiler.run(
            null,
            null,
            null,
            "-proc:none",
            "-cp",
            System.getProperty("java.class.path"),
            "-d",
            dir.toString(),
            file.toString());
    assertThat(code).isZero();
    List<java.io.File> classPath = new ArrayList<>(List.of(dir.toFile()));
    Stream.of(System.getProperty("java.class.path").split(java.io.File.pathSeparator, -1))
        .map(java.io.File::new)
        .forEach(classPath::add);
    JavaFileObject task = source("t.Task", "package t;\n\n@lib.Part\nclass Task {}\n");
    Compilation compilation =
        javac().withClasspath(classPath).withProcessors(new ImageSpecProcessor()).compile(task);
    assertThat(compilation).hadErrorContaining("@Part user \"a b\"").inFile(task).onLine(4);
  }

  @Test
  void theNearerOfBaseImageAndBaseSpecWins() {
    Manifest manifest =
        manifest(
            compile(
                DEFAULTS,
                task(
                    "@ImageSpec(baseSpec = Other.class) class Task {}\n"
                        + "@ImageSpec(baseImage = \"b:1\") class Other {}")));
    assertThat(manifest.baseImage()).isEmpty();
    assertThat(manifest.baseSpec()).isEqualTo("t.Other");
  }

  @Test
  void aDockerfileIsABaseLikeTheOthers() {
    Manifest nearer =
        manifest(
            compile(
                source(
                    "t.package-info",
                    "@ImageSpec(registry = \"ghcr.io\", baseImage = \"far:1\") package t;\n"
                        + "import dev.imagespec.*;\n"),
                task(
                    "@ImageSpec(dockerfile = \"docker/Dockerfile\", dockerfileContext = \".\") class Task"
                        + " {}")));
    assertThat(nearer.baseImage()).isEmpty();
    assertThat(nearer.dockerfile()).isEqualTo(new Manifest.OwnDockerfile("docker/Dockerfile", "."));
    assertThat(nearer.dockerfile().folder()).isEmpty();
    Manifest farther =
        manifest(
            compile(
                source(
                    "t.package-info",
                    "@ImageSpec(dockerfile = \"Dockerfile\", dockerfileContext = \"ctx\") package t;\n"
                        + "import dev.imagespec.*;\n"),
                task("@ImageSpec(baseImage = \"near:1\") class Task {}")));
    assertThat(farther.baseImage()).isEqualTo("near:1");
    assertThat(farther.dockerfile()).isEqualTo(Manifest.OwnDockerfile.NONE);
  }

  @Test
  void aCircleOfBasesIsShown() {
    Compilation compilation =
        compile(
            task(
                "@ImageSpec(baseSpec = Two.class) class Task {}\n"
                    + "@ImageSpec(baseSpec = Three.class) class Two {}\n"
                    + "@ImageSpec(baseSpec = Task.class) class Three {}"));
    assertThat(compilation).hadErrorContaining("t.Task → t.Two → t.Three → t.Task");
    assertThat(compilation).hadErrorCount(3);
  }

  @Test
  void aBaseWithoutAnImageIsRefused() {
    assertThat(compile(task("@ImageSpec(baseSpec = String.class) class Task {}")))
        .hadErrorContaining("java.lang.String has no image");
  }

  @Test
  void aWarningInAPackageIsSilencedByTheClassThatInheritsItToo() {
    JavaFileObject part =
        source(
            "t.Part",
            IMPORTS
                + "@SuppressWarnings(\"imagespec:unpinned\") @ImageSpec(baseImage = \"b\")\n"
                + "@interface Part {}\n");
    assertThat(compile(part, task("@Part class Task {}"))).succeededWithoutWarnings();
  }

  @Test
  void aCredentialIsMaskedInEveryMessage() {
    String canary = "ghp_" + "abcdefghijklmnopqrstuvwxyz0123456789";
    Compilation compilation =
        compile(
            task(
                "@ImageSpec(baseImage = \"b:1\", registry = \"https://me:"
                    + canary
                    + "@ghcr.io\", packages = \"x @ https://me:"
                    + canary
                    + "@h.example/x\", pipIndex = \"https://"
                    + canary
                    + "@h.example\", env = @Env(name = \"A\", value = \""
                    + canary
                    + "\\n\"), user = \""
                    + canary
                    + "\") class Task {}"));
    assertThat(compilation).failed();
    assertThat(compilation.diagnostics()).hasSizeGreaterThanOrEqualTo(5);
    assertThat(compilation.diagnostics())
        .noneMatch(diagnostic -> diagnostic.getMessage(null).contains(canary));
  }
}
