package dev.imagespec.maven;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.maven.execution.MavenSession;
import org.apache.maven.model.Plugin;
import org.apache.maven.model.PluginExecution;
import org.apache.maven.plugin.MojoExecution;
import org.apache.maven.project.MavenProject;

/**
 * The modules in which a build runs a goal. The goal does its work once, for all of them, when it
 * has come to the last: so there is one registration, and the plugin needs no extension.
 */
final class Participants {
  private final MavenSession session;
  private final MojoExecution execution;
  private final Collection<String> only;

  /**
   * The modules in which this execution runs.
   *
   * @param only the modules to take, as {@code :artifactId} or {@code groupId:artifactId}; empty
   *     for all
   */
  Participants(MavenSession session, MojoExecution execution, Collection<String> only) {
    this.session = session;
    this.execution = execution;
    this.only = List.copyOf(only);
  }

  /**
   * Reports that the goal has come to a module.
   *
   * @return all modules, in the order of the build, if this was the last of them; else empty
   */
  @SuppressWarnings("unchecked") // what is put there below
  Optional<List<MavenProject>> arrived(MavenProject module) {
    Map<String, Object> data = session.getRequest().getData();
    String key = execution.getGroupId() + ":" + execution.getArtifactId() + ":" + id();
    Set<String> arrived;
    synchronized (data) {
      arrived = (Set<String>) data.computeIfAbsent(key, k -> new LinkedHashSet<String>());
    }
    synchronized (arrived) {
      arrived.add(module.getId());
      List<MavenProject> all = new ArrayList<>(session.getProjects());
      all.removeIf(other -> !runsIn(other));
      if (all.stream().allMatch(other -> arrived.contains(other.getId()))) {
        all.removeIf(other -> !isChosen(other));
        return Optional.of(all);
      }
      return Optional.empty();
    }
  }

  private String id() {
    return execution.getGoal() + ":" + execution.getExecutionId();
  }

  private boolean runsIn(MavenProject module) {
    if (execution.getSource() == MojoExecution.Source.CLI) {
      return true;
    }
    for (Plugin plugin : module.getBuildPlugins()) {
      if (plugin.getKey().equals(execution.getPlugin().getKey())) {
        for (PluginExecution own : plugin.getExecutions()) {
          if (own.getId().equals(execution.getExecutionId())
              && own.getGoals().contains(execution.getGoal())
              && !"none".equals(own.getPhase())) {
            return true;
          }
        }
      }
    }
    return false;
  }

  private boolean isChosen(MavenProject module) {
    return only.isEmpty()
        || only.contains(ModuleSource.name(module))
        || only.contains(module.getGroupId() + ":" + module.getArtifactId());
  }
}
