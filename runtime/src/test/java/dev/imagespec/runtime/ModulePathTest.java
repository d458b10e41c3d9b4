package dev.imagespec.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.model.Manifest;
import dev.imagespec.testkit.RegistryServer;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A consumer that is a module, with everything on the module path. */
class ModulePathTest {
  private static final String CONSUMER =
      String.join(
          "\n",
          "package consumer;",
          "import dev.imagespec.runtime.ImageRegistrar;",
          "import dev.imagespec.runtime.Registration;",
          "import dev.imagespec.runtime.Settings;",
          "import java.nio.file.Path;",
          "import java.util.List;",
          "import java.util.Map;",
          "public class Main {",
          "public static void main(String[] arguments) {",
          "Path project = Path.of(arguments[0]);",
          "Settings settings =",
          "Settings.builder()",
          ".noMemory()",
          ".projectDir(project)",
          ".classPath(List.of(project.resolve(\"classes\")))",
          ".registry(dev.imagespec.runtime.EnvironmentVariables.ofThisProcess().get(\"TARGET\"))",
          ".build();",
          "Registration registration = ImageRegistrar.of(settings).register();",
          "System.out.println(ImageRegistrar.class.getModule() + \" \" + registration.failures());",
          "registration.tasks().forEach((task, image) ->",
          "System.out.writeBytes((task + image.substring(image.indexOf('@'))).getBytes(java.nio.charset.StandardCharsets.UTF_8)));",
          "}",
          "}");

  @TempDir Path dir;

  /** What a consumer has: neither folders of test classes nor what tests need. */
  private static String modulePath() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator, -1))
        .filter(entry -> !entry.contains("test-classes") && !entry.contains("testkit"))
        .filter(entry -> !entry.matches(".*(junit|assertj|archunit|opentest4j|byte-buddy).*"))
        .filter(
            entry -> entry.endsWith(".jar") || Files.exists(Path.of(entry, "module-info.class")))
        .collect(Collectors.joining(File.pathSeparator));
  }

  private void compile() {
    new Project(dir)
        .task(
            Project.task(
                "a.Task",
                "team/app",
                "scratch",
                Project.started("/f", new Manifest.Copy("f", "/f", "")),
                "linux/amd64"))
        .write("f", "f")
        .write("src/module-info.java", "module consumer { requires dev.imagespec.runtime; }")
        .write("src/consumer/Main.java", CONSUMER);
    int compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-p",
                modulePath(),
                "-d",
                dir.resolve("out").toString(),
                dir.resolve("src/module-info.java").toString(),
                dir.resolve("src/consumer/Main.java").toString());
    assertThat(compiled).isZero();
  }

  /** Registers into an empty registry, in a process of its own, and gives what that prints. */
  private String register(String... options) throws IOException, InterruptedException {
    Path log = dir.resolve("log");
    try (RegistryServer registry = RegistryServer.anonymous()) {
      List<String> command = new ArrayList<>();
      command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      command.addAll(List.of(options));
      command.addAll(
          List.of(
              "-p",
              modulePath() + File.pathSeparator + dir.resolve("out"),
              "-m",
              "consumer/consumer.Main",
              dir.toString()));
      ProcessBuilder builder =
          new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(log.toFile());
      builder.environment().put("TARGET", registry.registry());
      Process process = builder.start();
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    }
    return Files.readString(log, StandardCharsets.ISO_8859_1);
  }

  @Test
  void aModuleRegisters() throws IOException, InterruptedException {
    compile();
    assertThat(register()).contains("module dev.imagespec.runtime []").contains("a.Task@sha256:");
  }

  /** Where digits are others than 0 to 9, images are the same all the same. */
  @Test
  void imagesAreTheSameInEveryLanguage() throws IOException, InterruptedException {
    compile();
    String expected = digest(register());
    for (String language : List.of("ar-EG", "fa-IR", "ne-NP", "my-MM", "mr-IN")) {
      String[] parts = language.split("-", -1);
      assertThat(digest(register("-Duser.language=" + parts[0], "-Duser.country=" + parts[1])))
          .as(language)
          .isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"UTF-16", "UTF-32", "IBM037"})
  void imagesAreTheSameWhateverTheDefaultCharset(String charset)
      throws IOException, InterruptedException {
    compile();
    assertThat(digest(register("-Dfile.encoding=" + charset))).isEqualTo(digest(register()));
  }

  @Test
  void whoeverNeedsAnEngineIsToldOfACharsetThatKeepsJavaFromStartingOne()
      throws IOException, InterruptedException {
    compile();
    new Project(dir)
        .task(
            Project.with(
                new Manifest.Environment(
                    List.of("git"), List.of(), "", "", List.of(), List.of(), List.of()),
                Project.task("a.Steps", "team/app", "x")));
    String printed = register("-Dfile.encoding=UTF-16LE");
    assertThat(printed.replace("\0", ""))
        .contains("Java's default charset UTF-16LE does not let it start engines")
        .contains("Leave out -Dfile.encoding");
  }

  private static String digest(String printed) {
    Matcher digest = Pattern.compile("sha256:[0-9a-f]{64}").matcher(printed);
    assertThat(digest.find()).as(printed).isTrue();
    return digest.group();
  }
}
