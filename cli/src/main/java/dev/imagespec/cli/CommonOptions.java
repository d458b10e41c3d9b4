package dev.imagespec.cli;

import dev.imagespec.runtime.EnvironmentVariables;
import dev.imagespec.runtime.ImageRegistrar;
import dev.imagespec.runtime.RegistrationEvent;
import dev.imagespec.runtime.SettingKey;
import dev.imagespec.runtime.Settings;
import java.io.PrintWriter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options of all commands that read a project. */
final class CommonOptions {
  @Option(names = "--verbose", description = "Say more, and where an error comes from.")
  private boolean verbose;

  @Option(
      names = "--json",
      description = "Print one JSON document to stdout, and nothing else there.")
  private boolean json;

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
        SettingKey.LOCK);
  }

  /** The settings of this run. */
  Settings settings() {
    return Settings.reader()
        .commandLine(SettingOptions.given(command))
        .systemProperties(System.getProperties())
        .environment(EnvironmentVariables.ofThisProcess())
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

  private boolean isShown(RegistrationEvent event) {
    if (event instanceof RegistrationEvent.BlobUploaded
        || event instanceof RegistrationEvent.EngineOutput) {
      return verbose;
    }
    return !(event instanceof RegistrationEvent.TransfersPlanned
        || event instanceof RegistrationEvent.TransferProgress
        // Printed at the end, with its tasks.
        || event instanceof RegistrationEvent.ImageFailed);
  }

  boolean json() {
    return json;
  }
}
