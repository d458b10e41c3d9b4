package dev.imagespec.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.model.Manifest;
import dev.imagespec.testkit.RegistryServer;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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
          ".projectDir(project)",
          ".classPath(List.of(project.resolve(\"classes\")))",
          ".registry(arguments[1])",
          ".build();",
          "Registration registration = ImageRegistrar.of(settings).register();",
          "System.out.println(ImageRegistrar.class.getModule() + \" \" + registration.failures());",
          "System.out.println(registration.tasks().keySet());",
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

  @Test
  void aModuleRegisters() throws IOException, InterruptedException {
    new Project(dir)
        .task(
            Project.task(
                "a.Task",
                "team/app",
                "scratch",
                new Manifest.Payload(
                    false,
                    "",
                    List.of(),
                    List.of("/f"),
                    List.of(),
                    List.of(),
                    List.of(),
                    "",
                    "",
                    List.of(new Manifest.Copy("f", "/f", "")),
                    Map.of(),
                    Map.of()),
                "linux/amd64"))
        .write("f", "f")
        .write("src/module-info.java", "module consumer { requires dev.imagespec.runtime; }")
        .write("src/consumer/Main.java", CONSUMER);
    Path out = dir.resolve("out");
    String modules = modulePath();
    int compiled =
        ToolProvider.getSystemJavaCompiler()
            .run(
                null,
                null,
                null,
                "-p",
                modules,
                "-d",
                out.toString(),
                dir.resolve("src/module-info.java").toString(),
                dir.resolve("src/consumer/Main.java").toString());
    assertThat(compiled).isZero();
    try (RegistryServer registry = RegistryServer.anonymous()) {
      Process process =
          new ProcessBuilder(
                  List.of(
                      Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                      "-p",
                      modules + File.pathSeparator + out,
                      "-m",
                      "consumer/consumer.Main",
                      dir.toString(),
                      registry.registry()))
              .redirectErrorStream(true)
              .redirectOutput(dir.resolve("log").toFile())
              .start();
      assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    }
    assertThat(Files.readString(dir.resolve("log"), StandardCharsets.UTF_8))
        .contains("module dev.imagespec.runtime []")
        .contains("[a.Task]");
  }
}
