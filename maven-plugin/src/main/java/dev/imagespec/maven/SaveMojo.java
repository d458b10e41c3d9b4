package dev.imagespec.maven;

import dev.imagespec.runtime.ImageRegistrar;
import java.io.File;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.plugins.annotations.ResolutionScope;
import org.jspecify.annotations.Nullable;

/**
 * Writes a task's image to this machine as an OCI image layout: a tar, which {@code docker load}
 * reads, too, or a folder. Writes to no registry.
 */
@Mojo(name = "save", requiresDependencyResolution = ResolutionScope.RUNTIME, threadSafe = true)
public final class SaveMojo extends ImageSpecMojo {
  /** The task class; without, the only one. */
  @Parameter(property = "imagespec.class")
  private @Nullable String taskClass;

  /** The file that ends with {@code .tar}, or the folder, which is missing or empty. */
  @Parameter(property = "imagespec.to", required = true)
  private @Nullable File to;

  @Override
  void run(Modules modules) throws MojoFailureException {
    ImageRegistrar registrar = registrar(modules);
    registrar
        .save(oneTask(taskClass, registrar), known(to).toPath())
        .lines()
        .forEach(getLog()::info);
  }
}
