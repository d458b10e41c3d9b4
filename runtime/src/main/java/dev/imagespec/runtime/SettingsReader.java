package dev.imagespec.runtime;

import dev.imagespec.model.IoReason;
import dev.imagespec.model.Spelling;
import dev.imagespec.runtime.work.BoundedFile;
import java.io.IOException;
import java.io.StringReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads settings from texts. If several sources have the same setting, the source that was added
 * first wins; {@code imagespec.properties} in the project directory comes last.
 *
 * <pre>{@code
 * Settings settings =
 *     Settings.reader()
 *         .commandLine(Map.of("imagespec.registry", "ghcr.io/acme"))
 *         .systemProperties(System.getProperties())
 *         .environment(System.getenv())
 *         .read();
 * }</pre>
 */
public final class SettingsReader {
  static final String FILE = "imagespec.properties";

  /** How large that file may be, in bytes. */
  private static final int MOST = 1 << 20;

  private static final String SECRET = SettingKey.PREFIX + "secret.";
  private static final String VARIABLE = SettingKey.variable(SettingKey.PREFIX);
  private static final String SECRET_VARIABLE = SettingKey.variable(SECRET);

  /** Names that generated classes, credential helpers, the start script and tests use. */
  private static final Set<String> OTHERS =
      Set.of(
          "IMAGESPEC_REGISTRATION",
          "IMAGESPEC_E2E",
          "IMAGESPEC_HELPER",
          "IMAGESPEC_JAR",
          "IMAGESPEC_OPTS");

  /**
   * A text and where it comes from.
   *
   * @param place the source's name, for messages
   * @param inFile whether it is in {@code imagespec.properties}, whose folder relative paths are
   *     relative to
   */
  private record Found(String text, String place, boolean inFile) {}

  /** By the name of the setting; secrets given in environment variables, by the variable's name. */
  private final Map<String, Found> found = new LinkedHashMap<>();

  /** The environment variables that hold the credential of the registry. */
  private final Map<String, String> credential = new TreeMap<>();

  private Path workingDirectory = Path.of("").toAbsolutePath();
  private boolean readsFile = true;
  private @Nullable List<TaskRegistrar> registrars;

  SettingsReader() {}

  /**
   * Adds options of the command line.
   *
   * @param values texts by the names of settings, such as {@code imagespec.registry}
   * @throws ImageSpecException with {@link FailureCode#INVALID_SETTING} if there is no such setting
   */
  public SettingsReader commandLine(Map<String, String> values) {
    values.forEach(
        (name, text) ->
            put(name, text, SettingKey.of(name).flatMap(SettingKey::option).orElse(name), false));
    return this;
  }

  /**
   * Adds texts from another source, such as a build tool's configuration.
   *
   * @param place the source's name, for messages
   * @param values texts by the names of settings, such as {@code imagespec.registry}
   * @throws ImageSpecException with {@link FailureCode#INVALID_SETTING} if there is no such setting
   */
  public SettingsReader configuration(String place, Map<String, String> values) {
    values.forEach((name, text) -> put(name, text, place + ", " + name, false));
    return this;
  }

  /**
   * Adds system properties. Properties that do not start with {@code imagespec.} are ignored.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_SETTING} if one is not a setting
   */
  public SettingsReader systemProperties(Properties properties) {
    properties.stringPropertyNames().stream()
        .filter(name -> name.startsWith(SettingKey.PREFIX))
        .sorted()
        .forEach(name -> put(name, properties.getProperty(name), "system property " + name, false));
    return this;
  }

  /**
   * Adds environment variables. Empty variables, and those that do not start with {@code
   * IMAGESPEC_}, are ignored. Only here can a registry's credential be given.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_SETTING} if one is not a setting
   */
  public SettingsReader environment(Map<String, String> variables) {
    new TreeMap<>(variables)
        .forEach(
            (name, text) -> {
              if (RegistryCredential.VARIABLES.contains(name)) {
                if (!text.isEmpty()) {
                  credential.putIfAbsent(name, text);
                }
              } else if (name.startsWith(VARIABLE) && !OTHERS.contains(name) && !text.isEmpty()) {
                put(ofVariable(name), text, "environment variable " + name, false);
              }
            });
    return this;
  }

  /**
   * The folder that relative paths are relative to, and the default project directory. Default: the
   * working directory of the process.
   */
  public SettingsReader workingDirectory(Path folder) {
    workingDirectory = folder.toAbsolutePath();
    return this;
  }

  /** Does not read {@code imagespec.properties}, so that the folder it runs in has no influence. */
  public SettingsReader withoutProjectFile() {
    readsFile = false;
    return this;
  }

  /**
   * Reads the settings.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_SETTING} if a value is wrong or the
   *     file has an unknown setting; the message says where
   */
  public Settings read() {
    Found dir = found.get(SettingKey.PROJECT_DIR.name());
    Path projectDir =
        dir == null
            ? workingDirectory
            : SettingsBuilder.parsed(
                SettingKey.PROJECT_DIR, dir.text(), workingDirectory, dir.place());
    if (dir != null && !Files.isDirectory(projectDir)) {
      String what =
          Files.exists(projectDir)
              ? projectDir + " is a file, not a folder"
              : "there is no folder " + projectDir;
      throw SettingsBuilder.wrong(dir.place(), what + "; name the folder of your project");
    }
    if (readsFile) {
      readFile(projectDir.resolve(FILE));
    }
    SettingsBuilder builder = Settings.builder().projectDir(projectDir);
    found.forEach(
        (name, value) -> {
          Path base = value.inFile() ? projectDir : workingDirectory;
          Optional<SettingKey<?>> key = SettingKey.of(name);
          if (key.isPresent()) {
            builder.read(key.get(), value.text(), base, value.place());
          } else if (name.startsWith(SECRET)) {
            builder.secret(name.substring(SECRET.length()), value.text(), value.place());
          } else {
            String own = name.substring(SettingKey.PREFIX.length());
            int dot = own.indexOf('.');
            builder.registrar(own.substring(0, dot), Map.of(own.substring(dot + 1), value.text()));
          }
        });
    credential().ifPresent(builder::targetCredential);
    return builder.build();
  }

  private void readFile(Path file) {
    if (!Files.exists(file)) {
      return;
    }
    Properties properties = new Properties();
    try {
      properties.load(
          new StringReader(
              StandardCharsets.UTF_8
                  .newDecoder()
                  .decode(ByteBuffer.wrap(BoundedFile.read(file, MOST)))
                  .toString()));
    } catch (IOException | IllegalArgumentException e) {
      throw SettingsBuilder.wrong(file.toString(), "it cannot be read: " + IoReason.of(e, file));
    }
    for (String name : properties.stringPropertyNames()) {
      if (name.equals(SettingKey.PROJECT_DIR.name())) {
        throw SettingsBuilder.wrong(
            file + ", " + name, "this file stands in the project directory, it cannot move it");
      }
      put(name, properties.getProperty(name), file + ", " + name, true);
    }
  }

  /**
   * The credential of the registry.
   *
   * @throws ImageSpecException if a part of it is missing or wrong; the message repeats neither
   */
  private Optional<RegistryCredential> credential() {
    if (credential.isEmpty()) {
      return Optional.empty();
    }
    for (String name : RegistryCredential.VARIABLES) {
      if (!credential.containsKey(name)) {
        String other = credential.keySet().iterator().next();
        throw SettingsBuilder.wrong(
            "environment variable " + other, "set " + name + ", too, or neither");
      }
    }
    try {
      return Optional.of(
          new RegistryCredential(
              credential.getOrDefault(RegistryCredential.USERNAME_VARIABLE, ""),
              credential.getOrDefault(RegistryCredential.PASSWORD_VARIABLE, "")));
    } catch (IllegalArgumentException e) {
      throw SettingsBuilder.wrong(
          "environment variables " + String.join(", ", credential.keySet()), e.getMessage());
    }
  }

  private void put(String name, String text, String place, boolean inFile) {
    if (RegistryCredential.VARIABLES.contains(SettingKey.variable(name))) {
      throw SettingsBuilder.wrong(place, RegistryCredential.PLACES);
    }
    if (SettingKey.of(name).isEmpty() && !name.startsWith(SECRET) && !ofRegistrars(name)) {
      throw unknown(place, name, SettingKey.names(SettingKey::name));
    }
    found.putIfAbsent(name, new Found(text, place, inFile));
  }

  private String ofVariable(String variable) {
    if (variable.startsWith(SECRET_VARIABLE)) {
      return SECRET + variable.substring(SECRET_VARIABLE.length());
    }
    return SettingKey.ofVariable(variable)
        .<String>map(SettingKey::name)
        .or(
            () ->
                registrarSettings().stream()
                    .filter(name -> SettingKey.variable(name).equals(variable))
                    .findFirst())
        .orElseThrow(
            () ->
                unknown(
                    "environment variable " + variable,
                    variable,
                    SettingKey.names(SettingKey::variable)));
  }

  private static ImageSpecException unknown(String place, String name, Stream<String> known) {
    List<String> names = known.toList();
    return SettingsBuilder.wrong(
        place,
        "there is no such setting; "
            + Spelling.meant(name, names.stream())
                .map(meant -> "did you mean " + meant + "?")
                .orElseGet(() -> "the settings are " + String.join(", ", names)));
  }

  private boolean ofRegistrars(String name) {
    return registrarSettings().contains(name);
  }

  /**
   * The settings that task registrars declare. Loads the registrars only when a name needs them.
   */
  private List<String> registrarSettings() {
    if (registrars == null) {
      List<TaskRegistrar> loaded = new ArrayList<>();
      try {
        ServiceLoader.load(TaskRegistrar.class).forEach(loaded::add);
      } catch (ServiceConfigurationError e) {
        throw new ImageSpecException(
            FailureCode.REGISTRAR,
            "A registrar cannot be loaded, so that its settings are not known: "
                + e.getMessage()
                + ". Take it off the class path, or correct it.",
            e);
      }
      registrars = loaded;
    }
    return registrars.stream()
        .flatMap(
            registrar ->
                registrar.settings().stream()
                    .map(own -> SettingKey.PREFIX + registrar.name() + "." + own))
        .toList();
  }
}
