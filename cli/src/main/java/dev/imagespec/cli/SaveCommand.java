package dev.imagespec.cli;

import dev.imagespec.json.Json;
import dev.imagespec.model.Platform;
import dev.imagespec.runtime.ImageRegistrar;
import dev.imagespec.runtime.SavedImage;
import dev.imagespec.runtime.SettingKey;
import dev.imagespec.runtime.Settings;
import java.io.PrintWriter;
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

/** {@code imagespec save}. */
@Command(
    name = "save",
    description = {
      "Writes a task's image to this machine as an OCI image layout: a tar, which docker load reads,"
          + " too, or a folder. Writes to no registry."
    },
    mixinStandardHelpOptions = true)
final class SaveCommand implements Callable<Integer> {
  private CommandSpec spec = CommandSpec.create();
  @Mixin private CommonOptions common = new CommonOptions();

  @Option(
      names = "--to",
      paramLabel = "FILE.tar|DIR",
      required = true,
      description = "The tar or the folder to write.")
  private Path to = Path.of("");

  /** The command that gets an option for each of its settings. */
  @Spec
  void spec(CommandSpec own) {
    spec = own;
    SettingOptions.add(
        spec,
        SettingKey.LOCKED,
        SettingKey.CREATION_TIME,
        SettingKey.ENGINE,
        SettingKey.ENGINE_BUILDERS);
  }

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
          "save writes one task's image; name it with --class. On the class path are: " + tasks);
    }
    SavedImage saved =
        common
            .printing()
            .untilInterrupted(
                () -> "the image is not saved",
                spec.commandLine().getErr(),
                () -> registrar.save(tasks.get(0), to));
    if (common.printing().ended()) {
      return ImageSpecCommand.FAILED;
    }
    if (common.json()) {
      out.print(Json.pretty(toJson(saved)));
    } else {
      saved.lines().forEach(out::println);
    }
    out.flush();
    return 0;
  }

  private static Map<String, Object> toJson(SavedImage saved) {
    return Map.of(
        "task", saved.task(),
        "image", saved.name(),
        "digest", saved.digest().toString(),
        "platforms", saved.platforms().stream().map(Platform::toString).toList(),
        "loadable", saved.loadable().toString(),
        "bytes", saved.bytes(),
        "path", saved.path().toString());
  }
}
