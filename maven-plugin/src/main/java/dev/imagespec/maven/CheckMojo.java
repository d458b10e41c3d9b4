package dev.imagespec.maven;

import dev.imagespec.runtime.Plan;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.ResolutionScope;

/**
 * Fails the build if {@code register} would build an image, or register a task anew. Writes and
 * pushes nothing.
 */
@Mojo(name = "check", requiresDependencyResolution = ResolutionScope.RUNTIME, threadSafe = true)
public final class CheckMojo extends ImageSpecMojo {
  @Override
  void run(Modules modules) throws MojoFailureException {
    if (!modules.unprocessed().isEmpty()) {
      throw new MojoFailureException(String.join("\n", modules.unprocessed()));
    }
    Plan plan = PlanMojo.logged(this, modules);
    if (plan.hasWork()) {
      throw new MojoFailureException(
          "There are images to build, or tasks to register. Do it: mvn imagespec:register.");
    }
  }
}
