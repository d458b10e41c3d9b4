package dev.imagespec.runtime.run;

import dev.imagespec.model.Repository;
import dev.imagespec.runtime.EnvironmentVariables;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.engine.Engine;
import dev.imagespec.runtime.engine.EngineException;
import dev.imagespec.runtime.engine.EnginePool;
import dev.imagespec.runtime.engine.EngineSettings;
import dev.imagespec.runtime.registry.auth.DockerConfig;
import java.io.File;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.TreeMap;
import java.util.stream.Stream;

/** The engines that exist, and the settings for them. */
final class Engines {
  private Engines() {}

  /** All engines: those that the service loader finds, then the built-in ones. */
  static List<Engine> all() {
    List<Engine> engines = new ArrayList<>();
    ServiceLoader.load(Engine.class).forEach(engines::add);
    engines.addAll(Engine.builtIn());
    return engines;
  }

  /**
   * Checks that the engine that the settings name exists.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_SETTING} if it does not
   */
  static void require(Settings settings) {
    List<String> names = all().stream().map(Engine::name).toList();
    settings
        .engine()
        .filter(name -> !names.contains(name))
        .ifPresent(
            name -> {
              throw new ImageSpecException(
                  FailureCode.INVALID_SETTING,
                  "There is no engine \""
                      + name
                      + "\"; there are "
                      + String.join(", ", names)
                      + ". Correct --engine (imagespec.engine).");
            });
  }

  /**
   * Which engine would run steps, as far as that can be said without starting one: {@code by
   * buildx}, or {@code by buildx, or else docker}.
   */
  static String likely(Settings settings) {
    if (settings.engine().isPresent()) {
      return "by " + settings.engine().get();
    }
    String path = EnvironmentVariables.ofThisProcess().getOrDefault("PATH", "");
    List<String> names =
        all().stream()
            .filter(engine -> engine.program().map(program -> isOn(path, program)).orElse(true))
            .map(Engine::name)
            .toList();
    return names.isEmpty()
        ? "by an engine, which this machine lacks"
        : "by " + String.join(", or else ", names);
  }

  private static boolean isOn(String path, String program) {
    return Stream.of(path.split(File.pathSeparator, -1))
        .filter(folder -> !folder.isEmpty())
        .flatMap(folder -> Stream.of(new File(folder, program), new File(folder, program + ".exe")))
        .anyMatch(file -> file.isFile() && file.canExecute());
  }

  /** The settings for engines. */
  static EngineSettings settings(Settings settings) {
    return new EngineSettings(
        settings.engineBuilders(),
        settings.engineNetwork(),
        settings.engineCache().map(Repository::toString),
        settings.engineTimeout(),
        DockerConfig.folder(EnvironmentVariables.ofThisProcess()),
        environment(settings));
  }

  /**
   * The environment variables of this process; a folder for temporary files is the engines', too.
   */
  private static Map<String, String> environment(Settings settings) {
    Map<String, String> environment = new TreeMap<>(EnvironmentVariables.ofThisProcess());
    settings.ownTemp().ifPresent(folder -> environment.put("TMPDIR", folder.toString()));
    return environment;
  }

  /**
   * The builders of the engine to use.
   *
   * @throws ImageSpecException with {@link FailureCode#ENGINE} if no engine can be used on this
   *     machine
   */
  static EnginePool open(Settings settings) {
    try {
      return EnginePool.open(
          all(), settings.engine(), settings(settings), settings.engineParallelism());
    } catch (EngineException e) {
      throw new ImageSpecException(
          FailureCode.ENGINE, "Its environment cannot be built: " + e.getMessage() + ".", e);
    } catch (InterruptedException e) {
      throw ImageSpecException.interrupted(e);
    }
  }
}
