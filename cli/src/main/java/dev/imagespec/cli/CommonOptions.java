package dev.imagespec.cli;

import dev.imagespec.runtime.EnvironmentVariables;
import dev.imagespec.runtime.ImageRegistrar;
import dev.imagespec.runtime.RegistrationEvent;
import dev.imagespec.runtime.SettingKey;
import dev.imagespec.runtime.Settings;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The options of all commands that read a project. */
@Command
final class CommonOptions {
  private CommandSpec command = CommandSpec.create();

  /** The command that these options are mixed into. */
  @Spec(Spec.Target.MIXEE)
  void command(CommandSpec mixee) {
    command = mixee;
    SettingOptions.add(
        command,
        SettingKey.CLASSPATH,
        SettingKey.TASK_JARS,
        SettingKey.CLASSES,
        SettingKey.PROJECT_DIR,
        SettingKey.REGISTRY,
        SettingKey.NAME,
        SettingKey.MIRRORS,
        SettingKey.REALMS,
        SettingKey.LOCK,
        SettingKey.VERBOSE,
        SettingKey.JSON);
  }

  /** The settings of this run. */
  Settings settings() {
    Settings settings = read(Map.of());
    printing().apply(settings);
    if (!settings.classPath().isEmpty()) {
      return settings;
    }
    PrintWriter err = command.commandLine().getErr();
    Optional<BuiltClasses> built = BuiltClasses.of(settings.projectDir());
    if (built.isEmpty()) {
      BuiltClasses.missing(settings.projectDir()).ifPresent(err::println);
      return settings;
    }
    err.println(built.get().note());
    return read(Map.of(SettingKey.CLASSPATH.name(), built.get().classPath()));
  }

  private Settings read(Map<String, String> defaults) {
    return Settings.reader()
        .commandLine(SettingOptions.given(command))
        .systemProperties(System.getProperties())
        .environment(EnvironmentVariables.ofThisProcess())
        .configuration("the project directory", defaults)
        .read();
  }

  /** A registrar that reports its events on stderr. */
  ImageRegistrar registrar(Settings settings, PrintWriter err) {
    return ImageRegistrar.of(settings)
        .withListener(
            event -> {
              if (isShown(event)) {
                err.println(event);
              }
            });
  }

  /** Whether people want to read about an event at once. */
  boolean isShown(RegistrationEvent event) {
    if (printing().ended()) {
      return false;
    }
    if (event instanceof RegistrationEvent.BlobUploaded
        || event instanceof RegistrationEvent.EngineOutput) {
      return printing().verbose();
    }
    return !(event instanceof RegistrationEvent.ImagesPlanned
        || event instanceof RegistrationEvent.TransfersPlanned
        || event instanceof RegistrationEvent.TransferProgress
        || event instanceof RegistrationEvent.ImageComposed
        // Printed at the end, with its tasks.
        || event instanceof RegistrationEvent.ImageFailed
        || event instanceof RegistrationEvent.EnvironmentFailed);
  }

  Printing printing() {
    return ((ImageSpecCommand) command.root().userObject()).printing();
  }

  boolean json() {
    return printing().json();
  }
}
