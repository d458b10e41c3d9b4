package dev.imagespec.processor;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.model.FlyteTask;
import dev.imagespec.model.Manifest;
import dev.imagespec.processor.TestCompiler.Compiled;
import dev.imagespec.processor.TestCompiler.Said;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code @FlyteTask} on classes and on annotations, in every compiler. */
class FlyteTaskTest {
  private static final String IMPORTS =
      "package t;\nimport dev.imagespec.*;\nimport dev.imagespec.FlyteTask.*;\n";
  private static final String SPEC = "@ImageSpec(baseImage = \"b:1\", entrypoint = \"/run\")\n";

  /** An annotation that says something of Flyte alone, one with an image, too. */
  private static final String RETRYING =
      "@FlyteTask(project = \"far\", retries = 5, requests = @Resources(cpu = \"1\", memory = \"1Gi\"),"
          + " inputs = {@Input(name = \"a\", type = Type.FLOAT), @Input(name = \"b\", type ="
          + " Type.FILE)}, cacheVersion = \"1\", cacheIgnoreInputVars = \"a\") @interface Retrying {}";

  @TempDir private Path dir;

  private Compiled compile(TestCompiler compiler, String... namesAndTexts) {
    Map<String, String> sources = new TreeMap<>();
    for (int i = 0; i < namesAndTexts.length; i += 2) {
      sources.put("t/" + namesAndTexts[i] + ".java", IMPORTS + namesAndTexts[i + 1]);
    }
    return compiler.compile(dir, sources, List.of(ImageSpecProcessor.class));
  }

  private static FlyteTask flyte(Compiled compiled, String task) {
    assertThat(compiled.succeeded()).as("%s", compiled.said()).isTrue();
    Manifest manifest =
        Manifest.parse(compiled.output("META-INF/imagespec/" + task + "/manifest.json"));
    return manifest.flyte();
  }

  @ParameterizedTest
  @EnumSource
  void theNearestAnnotationWinsAndVariablesAreMergedByName(TestCompiler compiler) {
    String task =
        SPEC
            + "@Retrying @FlyteTask(retries = 1, requests = @Resources(cpu = \"2\"), inputs ="
            + " {@Input(name = \"c\", type = Type.STRING), @Input(name = \"a\", type = Type.INTEGER,"
            + " shape = Shape.LIST)}, cacheIgnoreInputVars = \"c\") class Task {}";
    Compiled together = compile(compiler, "Retrying", RETRYING, "Task", task);
    FlyteTask flyte = flyte(together, "t.Task");
    assertThat(flyte.project()).isEqualTo("far");
    assertThat(flyte.name()).as("the default").isEqualTo("t.Task");
    assertThat(flyte.retries()).isEqualTo(1);
    assertThat(flyte.requests()).isEqualTo(new FlyteTask.Resources("2", "1Gi", 0, ""));
    assertThat(flyte.inputs())
        .containsExactly(
            new FlyteTask.Variable("a", FlyteTask.Type.INTEGER, FlyteTask.Shape.LIST, ""),
            new FlyteTask.Variable("b", FlyteTask.Type.FILE, FlyteTask.Shape.VALUE, ""),
            new FlyteTask.Variable("c", FlyteTask.Type.STRING, FlyteTask.Shape.VALUE, ""));
    assertThat(flyte.cache()).isEqualTo(new FlyteTask.Cache("1", false, List.of("a", "c")));

    // The annotation is in a class file now, as in a jar.
    assertThat(flyte(compile(compiler, "Task", task), "t.Task")).isEqualTo(flyte);
  }

  @ParameterizedTest
  @EnumSource
  void anAnnotationMayCarryBoth(TestCompiler compiler) {
    Compiled compiled =
        compile(
            compiler,
            "Job",
            "@ImageSpec(baseImage = \"b:1\") @FlyteTask(domain = \"development\", timeout = 60)"
                + " @interface Job {}",
            "Task",
            "@Job class Task { @Job static class Inner {} }",
            "Plain",
            "@ImageSpec(baseImage = \"b:1\") class Plain {}",
            "Sub",
            "class Sub extends Task {}");
    assertThat(flyte(compiled, "t.Task").timeout()).isEqualTo(60);
    assertThat(flyte(compiled, "t.Task$Inner").name()).isEqualTo("t.Task$Inner");
    assertThat(flyte(compiled, "t.Plain")).isEqualTo(FlyteTask.NONE);
    assertThat(compiled.outputs()).doesNotContainKey("META-INF/imagespec/t.Sub/manifest.json");
  }

  @ParameterizedTest
  @EnumSource
  void aTaskWithoutAnImageIsAnErrorOnItsAnnotation(TestCompiler compiler) {
    Compiled compiled =
        compile(
            compiler,
            "Retrying",
            RETRYING,
            "Alone",
            "@FlyteTask\nclass Alone {}",
            "Through",
            "@Retrying\nclass Through {}");
    assertThat(compiled.succeeded()).isFalse();
    List<Said> ours = compiled.ours();
    assertThat(ours).hasSize(2).allMatch(said -> said.text().contains("add @ImageSpec"));
    assertThat(ours).anySatisfy(said -> assertThat(said.file()).endsWith("Alone.java"));
    assertThat(ours)
        .anySatisfy(said -> assertThat(said.text()).contains("@Retrying @FlyteTask \"Through\""));
  }

  /** In the first round nobody knows yet that the class has an image. */
  @ParameterizedTest
  @EnumSource
  void theImageMayComeWithAnAnnotationThatIsMadeMeanwhile(TestCompiler compiler) {
    Compiled compiled =
        compiler.compile(
            dir,
            Map.of("t/Task.java", IMPORTS + "@FlyteTask(retries = 2) @made.Composed class Task {}"),
            List.of(ComposingProcessor.class, ImageSpecProcessor.class));
    assertThat(flyte(compiled, "t.Task").retries()).isEqualTo(2);
  }

  @ParameterizedTest
  @EnumSource
  void equallyNearAnnotationsThatDifferAreAnError(TestCompiler compiler) {
    Compiled compiled =
        compile(
            compiler,
            "One",
            "@FlyteTask(retries = 1) @interface One {}",
            "Two",
            "@FlyteTask(retries = 2) @interface Two {}",
            "Task",
            SPEC + "@One @Two class Task {}");
    assertThat(compiled.ours())
        .singleElement()
        .matches(
            said -> said.text().contains("IMG040 @One retries \"1\": @Two retries says \"2\""));
  }

  /** What only a whole task can have is not asked of a part. */
  @ParameterizedTest
  @EnumSource
  void aPartIsCheckedAsFarAsItGoes(TestCompiler compiler) {
    Compiled part =
        compile(
            compiler,
            "Part",
            "@ImageSpec(baseImage = \"b:1\") @FlyteTask(outputs = @Output(name = \"a\", type ="
                + " Type.FILE), cacheSerialize = true) @interface Part {}");
    assertThat(part.ours()).isEmpty();
    Compiled wrong =
        compile(
            compiler,
            "Part",
            "@ImageSpec(baseImage = \"b:1\") @FlyteTask(project = \"A\", retries = -1) @interface"
                + " Part {}");
    assertThat(wrong.ours())
        .extracting(Said::text)
        .satisfiesExactly(
            first -> assertThat(first).contains("IMG069 project"),
            second -> assertThat(second).contains("IMG072 retries"));
  }

  @ParameterizedTest
  @EnumSource
  void aMessageStandsAtItsAttribute(TestCompiler compiler) {
    Compiled compiled =
        compile(
            compiler,
            "Task",
            SPEC
                + """
                @FlyteTask(
                    retries = -1,
                    requests =
                        @Resources(
                            memory = "512MB"))
                class Task {}
                """);
    assertThat(compiled.ours())
        .satisfiesExactlyInAnyOrder(
            said -> {
              assertThat(said.text()).contains("IMG071 requests.memory \"512MB\"");
              assertThat(said.line()).isEqualTo(9);
            },
            said -> {
              assertThat(said.text()).contains("IMG072 retries \"-1\"");
              assertThat(said.line()).isEqualTo(6);
            });
  }

  @ParameterizedTest
  @EnumSource
  void aConstantThatDoesNotExistIsTheCompilersToReport(TestCompiler compiler) {
    Compiled compiled =
        compile(
            compiler,
            "Task",
            SPEC
                + "@FlyteTask(inputs = @Input(name = \"a\", type = Type.DECIMAL), retries = Wrong.N)"
                + " class Task {}");
    assertThat(compiled.succeeded()).isFalse();
    assertThat(compiled.ours()).isEmpty();
  }
}
