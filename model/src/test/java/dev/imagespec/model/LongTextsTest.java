package dev.imagespec.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Texts of other people may be long. Reading one takes no more stack for that, and no long time.
 */
@Timeout(20)
class LongTextsTest {
  private static final int LONG = 100_000;
  private static final int STACK = 1 << 18;

  static Stream<Arguments> texts() {
    Consumer<String> registry = Registry::parse;
    Consumer<String> namespace = Namespace::parse;
    Consumer<String> reference = ImageReference::parse;
    Consumer<String> name = RepositoryName::new;
    Consumer<String> requirement = PythonRequirement::parse;
    Consumer<String> marker = PythonMarker::parse;
    Consumer<String> region = text -> EcrHost.parse("123456789012.dkr.ecr.us" + text);
    return Stream.of(
        Arguments.of(registry, "a.", "a"),
        Arguments.of(registry, "a.", "_"),
        Arguments.of(registry, "-a", ""),
        Arguments.of(region, "-a", "-1.amazonaws.com"),
        Arguments.of(region, "-a", ""),
        Arguments.of(namespace, "/", "x"),
        Arguments.of(namespace, "a/", "a"),
        Arguments.of(reference, "a.", "a/b"),
        Arguments.of(reference, "a/", "a"),
        Arguments.of(name, "a/", "a"),
        Arguments.of(name, "a_", "a"),
        Arguments.of(name, "a__", "!"),
        Arguments.of(requirement, "a==1" + ".1".repeat(LONG), ""),
        Arguments.of(requirement, "a==1" + ".1".repeat(4000), ".*"),
        Arguments.of(requirement, "a==1+a" + ".a".repeat(4000), ""),
        Arguments.of(requirement, "a @ https://x/", "#"),
        Arguments.of(marker, "(", ""),
        Arguments.of(marker, "python_version<'3' and ", "python_version<'3'"));
  }

  @ParameterizedTest
  @MethodSource("texts")
  void aLongTextIsReadOrRefused(Consumer<String> parser, String part, String end)
      throws InterruptedException {
    int times = part.length() > 1000 ? 1 : LONG / part.length();
    onASmallStack(
        () -> {
          try {
            parser.accept(part.repeat(times) + end);
          } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageMatching("(?s).{10,}");
          }
        });
  }

  @Test
  void aRequirementsFileOfLongLinesIsReadOrRefused(@TempDir Path project) throws Exception {
    String hash = " --hash=sha256:" + "0".repeat(64);
    List<String> lines =
        List.of(
            "numpy==1" + hash.repeat(700),
            "numpy==1" + hash.repeat(2000),
            " ".repeat(LONG) + "x",
            "numpy==1 " + " ".repeat(LONG) + "# why",
            "numpy==1 \\\n".repeat(LONG / 10) + "x",
            "-r " + " ".repeat(LONG),
            "a; " + "(".repeat(5000));
    Files.writeString(project.resolve("main.txt"), String.join("\n", lines));
    onASmallStack(
        () -> {
          RequirementsFile file = RequirementsFile.read(ProjectDirectory.at(project), "main.txt");
          assertThat(file.requirements())
              .extracting(RequirementsFile.Line::number)
              .contains(1, 4)
              .doesNotContain(2);
          assertThat(file.mistakes())
              .anySatisfy(mistake -> assertThat(mistake.toString()).contains("at most 65536"))
              .anySatisfy(mistake -> assertThat(mistake.toString()).contains("not a requirement"));
          assertThatThrownBy(() -> PythonRequirement.parse(lines.get(lines.size() - 1)))
              .hasMessageContaining("nested deeper than 64");
        });
  }

  @Test
  void ordinaryTextsAreReadAsBefore() {
    assertThat(Registry.parse("a.b-c.d1:5000")).hasToString("a.b-c.d1:5000");
    assertThat(new RepositoryName("a__b/c--d.e_f/g").value()).isEqualTo("a__b/c--d.e_f/g");
    assertThat(PythonRequirement.parse("a==1.2.3.post1.dev2+local.7").versions())
        .containsExactly("==1.2.3.post1.dev2+local.7");
    assertThat(PythonRequirement.parse("a==1.2.*").versions()).containsExactly("==1.2.*");
    assertThat(PythonRequirement.parse("a; " + "(".repeat(60) + "os_name=='nt'" + ")".repeat(60)))
        .isNotNull();
  }

  private static void onASmallStack(Runnable work) throws InterruptedException {
    AtomicReference<Throwable> thrown = new AtomicReference<>();
    Thread thread = new Thread(null, work, "small stack", STACK);
    thread.setUncaughtExceptionHandler((t, e) -> thrown.set(e));
    thread.start();
    thread.join();
    assertThat(thrown.get()).isNull();
  }
}
