package dev.imagespec.registrar.flyte.connect;

import dev.imagespec.model.Printable;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds the configuration file, in the order of Flyte's own clients. */
final class ConfigurationFiles {
  private static final Logger LOG = LoggerFactory.getLogger(ConfigurationFiles.class);
  private static final String NAME = "config.yaml";
  private static final String FOLDER = ".flyte";
  private static final List<String> VARIABLES = List.of("UCTL_CONFIG", "FLYTECTL_CONFIG");

  private final Map<String, String> environment;
  private final Path home;
  private final Path projectDir;

  ConfigurationFiles(Map<String, String> environment, Path home, Path projectDir) {
    this.environment = environment;
    this.home = home;
    this.projectDir = projectDir.toAbsolutePath().normalize();
  }

  /**
   * The file that a setting names.
   *
   * @throws ImageSpecException if it cannot be read
   */
  ConfigurationFile named(Value setting) {
    return ConfigurationFile.read(resolve(setting.where(), setting.text()));
  }

  /** A file's path, which is relative to the project's folder. */
  Path resolve(String where, String path) {
    try {
      return projectDir.resolve(path);
    } catch (InvalidPathException e) {
      throw new ImageSpecException(FailureCode.INVALID_SETTING, where + ": is no path of a file.");
    }
  }

  /**
   * The first file that says something of an endpoint.
   *
   * @param isWanted whether to use a file, or to look on
   * @throws ImageSpecException if a file that comes first cannot be read
   */
  Optional<ConfigurationFile> first(Predicate<ConfigurationFile> isWanted) {
    // Many programs have a file of this name: whatever is no configuration of Flyte is not ours.
    return tolerant(projectDir.resolve(NAME))
        .filter(isWanted)
        .or(
            () ->
                candidates().stream()
                    .map(Candidate::read)
                    .filter(ConfigurationFile::isFlytes)
                    .filter(isWanted)
                    .findFirst());
  }

  /**
   * A file that may be there.
   *
   * @param variable the environment variable that names it; empty if none does
   */
  private record Candidate(Path file, String variable) {
    ConfigurationFile read() {
      if (!variable.isEmpty() && !Files.exists(file)) {
        throw new ImageSpecException(
            FailureCode.INVALID_FILE,
            Printable.value(file.toString())
                + " does not exist. The environment variable "
                + variable
                + " names it: correct it, or remove it.");
      }
      return ConfigurationFile.read(file);
    }
  }

  private List<Candidate> candidates() {
    List<Candidate> found = new ArrayList<>();
    addIfThere(found, projectDir.resolve(FOLDER).resolve(NAME));
    gitRoot().ifPresent(root -> addIfThere(found, root.resolve(FOLDER).resolve(NAME)));
    for (String variable : VARIABLES) {
      String file = environment.getOrDefault(variable, "");
      if (!file.isEmpty()) {
        found.add(new Candidate(resolve("environment variable " + variable, file), variable));
      }
    }
    addIfThere(found, home.resolve(".union").resolve(NAME));
    addIfThere(found, home.resolve(FOLDER).resolve(NAME));
    return found;
  }

  private static void addIfThere(List<Candidate> found, Path file) {
    if (Files.exists(file)) {
      found.add(new Candidate(file, ""));
    }
  }

  private static Optional<ConfigurationFile> tolerant(Path file) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      return Optional.of(ConfigurationFile.read(file)).filter(ConfigurationFile::isFlytes);
    } catch (ImageSpecException e) {
      LOG.debug("passed over, since it is no configuration of Flyte: {}", e.getMessage());
      return Optional.empty();
    }
  }

  /** The nearest folder with {@code .git}, which is a file in a work tree. */
  private Optional<Path> gitRoot() {
    for (Path folder = projectDir; folder != null; folder = folder.getParent()) {
      if (Files.exists(folder.resolve(".git"))) {
        return Optional.of(folder);
      }
    }
    return Optional.empty();
  }
}
