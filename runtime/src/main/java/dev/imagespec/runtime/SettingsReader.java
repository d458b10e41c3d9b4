package dev.imagespec.runtime;

import dev.imagespec.model.Namespace;
import dev.imagespec.model.Registry;
import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Gathers settings from where they may stand. The first that has one wins: command line, system
 * properties, environment variables, {@code imagespec.properties} in the project directory.
 */
final class SettingsReader {
  private static final String FILE = "imagespec.properties";
  private static final String PREFIX = "imagespec.";
  private static final String VARIABLE_PREFIX = "IMAGESPEC_";
  private static final String SECRET = "imagespec.secret.";
  private static final String SECRET_VARIABLE = "IMAGESPEC_SECRET_";

  /** Read by generated classes, by credential helpers and by this project's own tests. */
  private static final Set<String> OTHERS =
      Set.of("IMAGESPEC_REGISTRATION", "IMAGESPEC_E2E", "IMAGESPEC_HELPER");

  /** A value and where it stands, for messages. */
  private record Found(String value, String where, boolean inFile) {}

  private final Map<SettingKey, Found> found = new EnumMap<>(SettingKey.class);
  private final Map<String, String> secrets = new TreeMap<>();

  private SettingsReader() {}

  static Settings read(
      Map<String, String> flags,
      Properties system,
      Map<String, String> environment,
      Path workingDirectory) {
    SettingsReader reader = gather(flags, system, environment);
    Path projectDir =
        workingDirectory.resolve(
            reader.found.containsKey(SettingKey.PROJECT_DIR)
                ? reader.found.get(SettingKey.PROJECT_DIR).value()
                : "");
    reader.readFile(projectDir.resolve(FILE));
    return reader.build(projectDir, workingDirectory);
  }

  static Settings readEnvironment(Properties system, Map<String, String> environment) {
    Path here = Path.of("").toAbsolutePath();
    return gather(Map.of(), system, environment).build(here, here);
  }

  private static SettingsReader gather(
      Map<String, String> flags, Properties system, Map<String, String> environment) {
    SettingsReader reader = new SettingsReader();
    flags.forEach((key, value) -> reader.put(key, value, option(key), false));
    Map<String, String> properties = new TreeMap<>();
    for (String name : system.stringPropertyNames()) {
      if (name.startsWith(PREFIX)) {
        properties.put(name, system.getProperty(name));
      }
    }
    properties.forEach((key, value) -> reader.put(key, value, "system property " + key, false));
    new TreeMap<>(environment)
        .forEach(
            (name, value) -> {
              if (name.startsWith(VARIABLE_PREFIX) && !OTHERS.contains(name) && !value.isEmpty()) {
                if (name.startsWith(SECRET_VARIABLE)) {
                  reader.putSecret(
                      name.substring(SECRET_VARIABLE.length()),
                      value,
                      "environment variable " + name);
                  return;
                }
                String key =
                    SettingKey.ofVariable(name)
                        .map(SettingKey::key)
                        .orElseThrow(
                            () ->
                                wrong(
                                    "environment variable " + name,
                                    "there is no such setting; the settings are "
                                        + names(SettingKey::variable)));
                reader.put(key, value, "environment variable " + name, false);
              }
            });
    return reader;
  }

  private void readFile(Path file) {
    if (!Files.exists(file)) {
      return;
    }
    Properties properties = new Properties();
    try (Reader in = Files.newBufferedReader(file)) {
      properties.load(in);
    } catch (IOException | IllegalArgumentException e) {
      throw wrong(file.toString(), "it cannot be read: " + e.getMessage());
    }
    for (String key : properties.stringPropertyNames()) {
      if (key.equals(SettingKey.PROJECT_DIR.key())) {
        throw wrong(
            file + ", " + key, "this file stands in the project directory, it cannot move it");
      }
      put(key, properties.getProperty(key), file + ", " + key, true);
    }
  }

  private void put(String key, String value, String where, boolean inFile) {
    if (key.startsWith(SECRET)) {
      putSecret(key.substring(SECRET.length()), value, where);
      return;
    }
    SettingKey setting =
        SettingKey.ofKey(key)
            .orElseThrow(
                () ->
                    wrong(
                        where,
                        "there is no such setting; the settings are " + names(SettingKey::key)));
    found.putIfAbsent(setting, new Found(value, where, inFile));
  }

  /** A value that stands here by mistake is not repeated in the message. */
  private void putSecret(String id, String value, String where) {
    if (!value.matches("(?s)(?:env|file):.+")) {
      throw wrong(
          where,
          "it says where the secret is, env:NAME for an environment variable or file:PATH, and never"
              + " holds the secret itself");
    }
    secrets.putIfAbsent(id, value);
  }

  private Settings build(Path projectDir, Path workingDirectory) {
    Settings.Builder builder = Settings.builder().projectDir(projectDir);
    with(
        SettingKey.CLASSPATH,
        text -> {
          List<Path> entries = new ArrayList<>();
          for (String entry : text.split(File.pathSeparator, -1)) {
            if (!entry.isBlank()) {
              entries.add(base(SettingKey.CLASSPATH, projectDir, workingDirectory).resolve(entry));
            }
          }
          builder.classPath(entries);
        });
    with(SettingKey.CLASSES, text -> builder.classes(list(text)));
    List<String> regions = new ArrayList<>();
    with(SettingKey.EXTRA_REGIONS, text -> regions.addAll(list(text)));
    builder.extraRegions(regions);
    with(
        SettingKey.REGISTRY,
        text -> {
          Registry unused = Namespace.parse(text).registry().requireRegion(regions);
          builder.registry(text);
        });
    with(SettingKey.NAME, text -> builder.name(text));
    with(
        SettingKey.MIRRORS,
        text -> builder.mirrors(list(text).stream().map(Mirror::parse).toList()));
    with(SettingKey.REALMS, text -> builder.realms(list(text).stream().map(Realm::parse).toList()));
    with(
        SettingKey.LOCK,
        text -> builder.lock(base(SettingKey.LOCK, projectDir, workingDirectory).resolve(text)));
    with(SettingKey.LOCKED, text -> builder.locked(flag(text)));
    with(
        SettingKey.RECORD,
        text ->
            builder.record(base(SettingKey.RECORD, projectDir, workingDirectory).resolve(text)));
    with(SettingKey.FORCE, text -> builder.force(flag(text)));
    with(SettingKey.SOURCE, text -> builder.source(withoutPassword(text)));
    with(SettingKey.REVISION, builder::revision);
    with(SettingKey.PARALLELISM, text -> builder.parallelism(Integer.parseInt(text)));
    with(SettingKey.ECR_HOSTS, text -> builder.ecrHosts(list(text)));
    with(SettingKey.ECR_ACCOUNT, builder::ecrAccount);
    with(SettingKey.ECR_REGION, builder::ecrRegion);
    with(SettingKey.ENGINE, builder::engine);
    with(SettingKey.ENGINE_BUILDERS, text -> builder.engineBuilders(list(text)));
    with(SettingKey.ENGINE_NETWORK, builder::engineNetwork);
    with(SettingKey.ENGINE_CACHE, builder::engineCache);
    with(SettingKey.ENGINE_TIMEOUT, text -> builder.engineTimeout(duration(text)));
    with(SettingKey.ENGINE_PARALLELISM, text -> builder.engineParallelism(Integer.parseInt(text)));
    with(
        SettingKey.ENGINE_LOGS,
        text ->
            builder.engineLogs(
                base(SettingKey.ENGINE_LOGS, projectDir, workingDirectory).resolve(text)));
    builder.secrets(secrets);
    with(
        SettingKey.CREATE_REPOSITORY,
        text -> builder.createRepository(RepositoryCreation.parse(text)));
    with(SettingKey.PULL_PRINCIPALS, text -> builder.pullPrincipals(list(text)));
    with(SettingKey.ECR_ASSUME_ROLE, builder::ecrAssumeRole);
    with(SettingKey.ECR_EXTERNAL_ID, builder::ecrExternalId);
    with(SettingKey.ECR_MUTABLE_TAG_FILTERS, text -> builder.ecrMutableTagFilters(list(text)));
    return builder.build();
  }

  /** {@code 90s}, {@code 30m}, {@code 2h}. */
  private static Duration duration(String text) {
    if (!text.matches("[1-9][0-9]{0,5}[smh]")) {
      throw new IllegalArgumentException("\"" + text + "\" is no time; write 90s, 30m or 2h");
    }
    return Duration.parse("PT" + text);
  }

  private void with(SettingKey key, Consumer<String> use) {
    Found setting = found.get(key);
    if (setting == null) {
      return;
    }
    try {
      use.accept(setting.value().strip());
    } catch (NumberFormatException e) {
      throw wrong(setting.where(), "\"" + setting.value() + "\" is not a whole number");
    } catch (IllegalArgumentException e) {
      throw wrong(setting.where(), e.getMessage());
    }
  }

  private static List<String> list(String text) {
    return Arrays.stream(text.split(",", -1)).map(String::strip).filter(s -> !s.isEmpty()).toList();
  }

  /** A path in the project's file is relative to the project, whoever reads it from wherever. */
  private Path base(SettingKey key, Path projectDir, Path workingDirectory) {
    Found setting = found.get(key);
    return setting != null && setting.inFile() ? projectDir : workingDirectory;
  }

  private static String withoutPassword(String text) {
    if (text.matches("(?i)[a-z+]+://[^/@]*:[^/@]*@.*")) {
      throw new IllegalArgumentException("the address has a password in it; write it without");
    }
    return text;
  }

  private static boolean flag(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("\"" + text + "\" is neither true nor false");
    };
  }

  private static String names(Function<SettingKey, String> name) {
    return String.join(", ", Arrays.stream(SettingKey.values()).map(name).toList());
  }

  private static String option(String key) {
    return switch (key) {
      case "imagespec.mirrors" -> "--mirror";
      case "imagespec.realms" -> "--realm";
      case "imagespec.classes" -> "--class";
      case "imagespec.engine.builders" -> "--builder";
      default -> "--" + key.substring(PREFIX.length());
    };
  }

  private static ImageSpecException wrong(
      String where, @org.jspecify.annotations.Nullable String what) {
    return new ImageSpecException(FailureCode.INVALID_SETTING, where + ": " + what + ".");
  }
}
