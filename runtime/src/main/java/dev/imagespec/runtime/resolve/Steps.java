package dev.imagespec.runtime.resolve;

import dev.imagespec.model.Manifest;
import dev.imagespec.model.ProjectDirectory;
import dev.imagespec.model.RequirementsFile;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The steps of an environment with the content of all that they read. Equal steps are equal, in
 * whatever order their packages were written and whatever their files are called.
 *
 * @param commands the steps; what is a set is sorted, and no file is named
 * @param requirements the requirements file and what it includes, by the name that it has in a
 *     build context, the first one first; empty if there is none
 */
public record Steps(Manifest.Environment commands, Map<String, String> requirements) {

  /** No steps. */
  static final Steps NONE = new Steps(Manifest.Environment.NONE, Map.of());

  public Steps {
    commands =
        new Manifest.Environment(
            sorted(commands.aptPackages()),
            sorted(commands.packages()),
            "",
            commands.pipIndex(),
            commands.pipExtraIndexUrls(),
            commands.commands(),
            sorted(commands.secrets()));
    requirements = Collections.unmodifiableMap(new LinkedHashMap<>(requirements));
  }

  private static List<String> sorted(List<String> set) {
    return List.copyOf(new TreeSet<>(set));
  }

  /**
   * Reads the requirements file that a manifest names.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_FILE} if it is missing or wrong; the
   *     message has a line for each mistake
   */
  static Steps read(Manifest.Environment declared, Path projectDir) {
    if (declared.requirements().isEmpty()) {
      return new Steps(declared, Map.of());
    }
    RequirementsFile file =
        RequirementsFile.read(ProjectDirectory.at(projectDir), declared.requirements());
    if (!file.mistakes().isEmpty()) {
      throw new ImageSpecException(
          FailureCode.INVALID_FILE,
          String.join(
              "\n", file.mistakes().stream().map(RequirementsFile.Mistake::toString).toList()));
    }
    return new Steps(declared, file.texts());
  }

  /** Whether any step is to be run. */
  public boolean isEmpty() {
    return commands.isEmpty() && requirements.isEmpty();
  }

  /** The first step: what environments have in common if they have anything in common. */
  String first() {
    if (!commands.aptPackages().isEmpty()) {
      return "apt " + commands.aptPackages();
    }
    if (!commands.packages().isEmpty() || !requirements.isEmpty()) {
      return "pip " + commands.packages() + requirements;
    }
    return "run " + String.join("\n", commands.commands().subList(0, 1));
  }

  /** The form that enters an environment's identity. */
  Map<String, Object> toJson() {
    Map<String, Object> json = new TreeMap<>();
    json.put("aptPackages", commands.aptPackages());
    json.put("packages", commands.packages());
    json.put("requirements", requirements);
    json.put("pipIndex", commands.pipIndex());
    json.put("pipExtraIndexUrls", commands.pipExtraIndexUrls());
    json.put("commands", commands.commands());
    json.put("secrets", commands.secrets());
    return json;
  }
}
