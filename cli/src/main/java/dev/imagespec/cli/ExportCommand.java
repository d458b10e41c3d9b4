package dev.imagespec.cli;

import dev.imagespec.json.Json;
import dev.imagespec.runtime.ImageRegistrar;
import dev.imagespec.runtime.Settings;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code imagespec export}. */
@Command(
    name = "export",
    description = "Writes a task's build context for docker build.",
    mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();
  @Mixin private CommonOptions common = new CommonOptions();

  @Option(names = "--to", paramLabel = "DIR", required = true, description = "The folder to write.")
  private Path to = Path.of("");

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    Settings settings = common.settings();
    ImageRegistrar registrar = common.registrar(settings, spec.commandLine().getErr());
    // With --class, the registrar has the tasks, too, that the named one is based on.
    List<String> tasks = settings.classes().isEmpty() ? registrar.tasks() : settings.classes();
    if (tasks.size() != 1) {
      throw new ParameterException(
          spec.commandLine(),
          tasks.isEmpty()
              ? "There is no task class of yours on the class path. Give the folder of classes"
                  + " annotated with @ImageSpec with --classpath"
              : "export writes one task's context; name it with --class. On the class path are: "
                  + tasks);
    }
    String task = tasks.get(0);
    registrar.export(task, to);
    if (common.json()) {
      out.print(Json.pretty(Map.of("task", task, "folder", to.toAbsolutePath().toString())));
    } else {
      Path environment = to.resolve("environment");
      if (Files.isDirectory(environment)) {
        out.println(
            "Written. To build what its Dockerfile says: docker build --tag $(sed 's/^BASE_IMAGE=//' "
                + to.resolve("build-args")
                + ") --file "
                + environment.resolve("Dockerfile")
                + " "
                + environment.resolve("context"));
      }
      out.println(
          (Files.isDirectory(environment) ? "Then, to build it" : "Written. To build it")
              + ": docker build $(sed 's/^/--build-arg /' "
              + to.resolve("build-args")
              + ") "
              + to);
    }
    out.flush();
    return 0;
  }
}
