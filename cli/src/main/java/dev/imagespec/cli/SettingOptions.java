package dev.imagespec.cli;

import dev.imagespec.runtime.SettingKey;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/** Command-line options generated from the keys of settings. */
final class SettingOptions {
  private SettingOptions() {}

  /** Adds an option for each setting. */
  static void add(CommandSpec command, SettingKey<?>... settings) {
    for (SettingKey<?> setting : settings) {
      command.addOption(option(setting));
    }
  }

  /** Adds those of a registration: plan takes them, too, and so can be run with the same line. */
  static void addOfRegistration(CommandSpec command) {
    add(
        command,
        SettingKey.RECORD,
        SettingKey.REPORT,
        SettingKey.LOCKED,
        SettingKey.FORCE,
        SettingKey.TAGS,
        SettingKey.CREATION_TIME,
        SettingKey.DEFINITIONS,
        SettingKey.RENDER,
        SettingKey.NO_REGISTRARS,
        SettingKey.ENGINE,
        SettingKey.ENGINE_BUILDERS,
        SettingKey.CREATE_REPOSITORY);
  }

  /** The settings that are given on the command line, by name. */
  static Map<String, String> given(CommandSpec command) {
    Map<String, String> given = new TreeMap<>();
    for (SettingKey<?> setting : SettingKey.all()) {
      OptionSpec option = setting.option().map(command::findOption).orElse(null);
      if (option != null && option.userObject() == setting && option.getValue() != null) {
        Object value = option.getValue();
        given.put(
            setting.name(),
            value instanceof List<?> values
                ? String.join(setting.separator(), values.stream().map(Object::toString).toList())
                : value.toString());
      }
    }
    return given;
  }

  private static OptionSpec option(SettingKey<?> setting) {
    OptionSpec.Builder option =
        OptionSpec.builder(setting.option().orElseThrow())
            .userObject(setting)
            .description(setting.help());
    if (setting.isFlag()) {
      return option.type(Boolean.class).arity("0").build();
    }
    option.paramLabel(setting.label()).arity("1");
    return setting.isList()
        ? option.type(List.class).auxiliaryTypes(String.class).build()
        : option.type(String.class).build();
  }
}
