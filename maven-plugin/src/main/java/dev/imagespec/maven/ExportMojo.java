package dev.imagespec.maven;

import dev.imagespec.runtime.ImageRegistrar;
import java.io.File;
import java.util.List;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.plugins.annotations.ResolutionScope;
import org.jspecify.annotations.Nullable;

/** Writes a task's build context for {@code docker build}. */
@Mojo(name = "export", requiresDependencyResolution = ResolutionScope.RUNTIME, threadSafe = true)
public final class ExportMojo extends ImageSpecMojo {
  /** The task class; without, the only one. */
  @Parameter(property = "imagespec.class")
  private @Nullable String taskClass;

  /** The folder to write; it is missing or empty. */
  @Parameter(property = "imagespec.to", required = true)
  private @Nullable File to;

  @Override
  void run(Modules modules) throws MojoFailureException {
    ImageRegistrar registrar = registrar(modules);
    List<String> tasks = taskClass == null ? registrar.tasks() : List.of(taskClass);
    if (tasks.size() != 1) {
      throw new MojoFailureException(
          "export writes one task's context; name it with -Dimagespec.class=. There are " + tasks);
    }
    registrar.export(tasks.get(0), known(to).toPath());
    getLog().info("written to " + to);
  }
}
