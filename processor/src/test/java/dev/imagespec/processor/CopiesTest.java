package dev.imagespec.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.dockerfile.Dockerfile;
import dev.imagespec.model.Manifest;
import dev.imagespec.processor.TestCompiler.Compiled;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.tools.Diagnostic;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each compiler makes of the attributes of a copy. */
class CopiesTest {
  private static final String COPIES =
      "copy = {@Copy(from = \"conf\", to = \"/conf\", include = {\"*.yml\", \"x\"}, exclude = \"y\","
          + " modes = {@Mode(pattern = \"a\", mode = \"0600\"), @Mode(pattern = \"b\", mode = \"755\")},"
          + " ignoreFile = \".dockerignore\", owner = \"7:8\"), @Copy(from = \"w\", to = \"/w\", in ="
          + " Copy.In.STEPS), @Copy(from = \"v\", to = \"/v\", in = Copy.In.IMAGE)}";
  private static final Manifest.Copy CONF =
      new Manifest.Copy(
          "conf",
          "/conf",
          "",
          List.of("*.yml", "x"),
          List.of("y"),
          List.of(new Manifest.Mode("a", "0600"), new Manifest.Mode("b", "755")),
          ".dockerignore",
          "7:8");
  private static final Manifest.Copy STEPS = new Manifest.Copy("w", "/w", "");
  private static final Manifest.Copy IMAGE = new Manifest.Copy("v", "/v", "");

  @TempDir Path dir;

  private Compiled compiled(TestCompiler compiler, String... attributes) {
    return compiler.compile(
        dir,
        Map.of(
            "t/package-info.java",
            "@dev.imagespec.ImageSpec(copy = @dev.imagespec.Copy(from = \"w\", to = \"/w\", in ="
                + " dev.imagespec.Copy.In.STEPS)) package t;",
            "t/Task.java",
            "package t; import dev.imagespec.*; @ImageSpec(baseImage = \"b:1\", "
                + String.join(", ", attributes)
                + ") class Task {}",
            "u/Task.java",
            "package u; import dev.imagespec.*; @ImageSpec(baseImage = \"b:1\", "
                + String.join(", ", attributes)
                + ", "
                + COPIES
                + ") class Task {}"),
        List.of(ImageSpecProcessor.class));
  }

  /** Another part may have the copy. */
  @ParameterizedTest
  @EnumSource(TestCompiler.class)
  void aPartOfASpecMayNameWhatAnotherPartCopies(TestCompiler compiler) {
    Compiled compiled =
        compiler.compile(
            dir,
            Map.of(
                "t/Tool.java",
                "package t; import dev.imagespec.*; @ImageSpec(aptPackages = \"/opt/t.deb\") public"
                    + " @interface Tool {}",
                "t/Task.java",
                "package t; import dev.imagespec.*; @Tool @ImageSpec(baseImage = \"b:1\", copy ="
                    + " @Copy(from = \"t.deb\", to = \"/opt/\", in = Copy.In.STEPS)) class Task {}",
                "t/Lacking.java",
                "package t; import dev.imagespec.*; @Tool @ImageSpec(baseImage = \"b:1\") class"
                    + " Lacking {}"),
            List.of(ImageSpecProcessor.class));
    assertThat(compiled.said())
        .filteredOn(said -> said.kind() == Diagnostic.Kind.ERROR)
        .singleElement()
        .satisfies(
            said -> assertThat(said.text()).contains("IMG024 @Tool aptPackages[0] \"/opt/t.deb\""));
    assertThat(manifest(compiled, "t.Task").environment().aptPackages())
        .containsExactly("/opt/t.deb");
  }

  private static Manifest manifest(Compiled compiled, String task) {
    return Manifest.parse(compiled.output(Manifest.resourceFolder(task) + Manifest.FILE));
  }

  @ParameterizedTest
  @EnumSource(TestCompiler.class)
  void aCopyGoesWhereItIsMeantWithAllThatIsSaidOfIt(TestCompiler compiler) {
    Compiled compiled = compiled(compiler, "commands = \"make\"");
    Manifest manifest = manifest(compiled, "u.Task");
    assertThat(manifest.environment().copy()).containsExactly(STEPS);
    assertThat(manifest.payload().copy()).containsExactly(CONF, IMAGE);
    assertThat(manifest(compiled, "t.Task").environment().copy()).containsExactly(STEPS);
    assertThat(compiled.output(Manifest.resourceFolder("u.Task") + Dockerfile.FILE))
        .contains("ADD [\"steps.tar\", \"/\"]\nRUN ")
        .contains("ADD [\"copy.tar\", \"/\"]");
  }

  /** A package's default is then no mistake in the tasks that have no steps. */
  @ParameterizedTest
  @EnumSource(TestCompiler.class)
  void withoutStepsAllCopiesAreOnTop(TestCompiler compiler) {
    Compiled compiled = compiled(compiler, "args = \"x\"");
    assertThat(compiled.succeeded()).as("%s", compiled.said()).isTrue();
    Manifest manifest = manifest(compiled, "u.Task");
    assertThat(manifest.environment().copy()).isEmpty();
    assertThat(manifest.payload().copy()).containsExactly(STEPS, CONF, IMAGE);
    assertThat(manifest(compiled, "t.Task").payload().copy()).containsExactly(STEPS);
  }
}
