package dev.imagespec.maven;

import dev.imagespec.runtime.ImageRegistrar;
import java.io.File;
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
    registrar.export(oneTask(taskClass, registrar), known(to).toPath());
    getLog().info("written to " + to);
  }
}
