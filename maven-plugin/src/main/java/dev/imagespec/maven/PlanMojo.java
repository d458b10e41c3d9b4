package dev.imagespec.maven;

import dev.imagespec.runtime.Plan;
import java.util.Locale;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.ResolutionScope;

/** Says what {@code register} would do, and why. Writes and pushes nothing. */
@Mojo(name = "plan", requiresDependencyResolution = ResolutionScope.RUNTIME, threadSafe = true)
public final class PlanMojo extends ImageSpecMojo {
  @Override
  boolean reports() {
    return true;
  }

  @Override
  void run(Modules modules) throws MojoFailureException {
    Plan unused = logged(this, modules);
  }

  /** Logs the plan, and returns it. */
  static Plan logged(ImageSpecMojo goal, Modules modules) throws MojoFailureException {
    Plan plan = goal.registrar(modules).plan();
    for (Plan.Image image : plan.images()) {
      goal.getLog()
          .info(
              image.action().name().toLowerCase(Locale.ROOT)
                  + " "
                  + image.repository()
                  + ":"
                  + image.tag()
                  + " for "
                  + String.join(", ", image.tasks())
                  + ": "
                  + String.join(", ", image.reasons()));
    }
    goal.require(plan.failures(), modules);
    return plan;
  }
}
