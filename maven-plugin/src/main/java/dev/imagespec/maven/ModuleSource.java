package dev.imagespec.maven;

import dev.imagespec.runtime.TaskSource;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.maven.artifact.Artifact;
import org.apache.maven.project.MavenProject;

/** A module of the build as a source of tasks: its classes, and what it needs at run time. */
final class ModuleSource {
  private ModuleSource() {}

  /**
   * The source that a module is; empty if it has no classes.
   *
   * @param reactor the modules of the build, whose classes are taken from their output folders
   */
  static Optional<TaskSource> of(MavenProject module, Collection<MavenProject> reactor) {
    Path output = output(module);
    if (!Files.isDirectory(output)) {
      return Optional.empty();
    }
    Map<String, MavenProject> modules = new HashMap<>();
    reactor.forEach(other -> modules.put(key(other.getArtifact()), other));
    List<TaskSource.Entry> entries = new ArrayList<>();
    entries.add(new TaskSource.Entry(output, TaskSource.Kind.CLASSES));
    for (Artifact artifact : module.getArtifacts()) {
      if (isInImages(artifact)) {
        entry(artifact, modules).ifPresent(entries::add);
      }
    }
    return Optional.of(
        new TaskSource(name(module), module.getBasedir().toPath(), entries, List.of())
            .withoutUnusedAnnotations());
  }

  /** The name of a module, as {@code -pl} takes it. */
  static String name(MavenProject module) {
    return ":" + module.getArtifactId();
  }

  private static Path output(MavenProject module) {
    return Path.of(module.getBuild().getOutputDirectory());
  }

  private static boolean isInImages(Artifact artifact) {
    return artifact.getArtifactHandler().isAddedToClasspath()
        && (Artifact.SCOPE_COMPILE.equals(artifact.getScope())
            || Artifact.SCOPE_RUNTIME.equals(artifact.getScope()));
  }

  private static Optional<TaskSource.Entry> entry(
      Artifact artifact, Map<String, MavenProject> modules) {
    MavenProject module = modules.get(key(artifact));
    if (module != null && Files.isDirectory(output(module))) {
      return Optional.of(new TaskSource.Entry(output(module), TaskSource.Kind.SNAPSHOT));
    }
    File file = artifact.getFile();
    return file == null
        ? Optional.empty()
        : Optional.of(
            new TaskSource.Entry(
                file.toPath(),
                artifact.isSnapshot() ? TaskSource.Kind.SNAPSHOT : TaskSource.Kind.DEPENDENCY));
  }

  private static String key(Artifact artifact) {
    return String.join(
        ":",
        artifact.getGroupId(),
        artifact.getArtifactId(),
        artifact.getBaseVersion(),
        artifact.hasClassifier() ? artifact.getClassifier() : "");
  }
}
