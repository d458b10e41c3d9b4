package dev.imagespec.maven;

import dev.imagespec.runtime.Plan;
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
      image.lines().forEach(line -> goal.getLog().info(line));
    }
    plan.definitionLines().forEach(line -> goal.getLog().info(line));
    plan.summary().forEach(line -> goal.getLog().info(line));
    goal.require(plan.failures(), modules);
    return plan;
  }
}
