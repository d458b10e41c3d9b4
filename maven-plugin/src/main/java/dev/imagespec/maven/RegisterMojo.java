package dev.imagespec.maven;

import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.Plan;
import dev.imagespec.runtime.Registration;
import dev.imagespec.runtime.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Collectors;
import javax.inject.Inject;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.LifecyclePhase;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.Parameter;
import org.apache.maven.plugins.annotations.ResolutionScope;
import org.apache.maven.project.MavenProject;
import org.apache.maven.project.MavenProjectHelper;

/**
 * Builds and pushes every distinct image of the build that is not there yet, registers the tasks in
 * the systems that run them, and records which image each task runs in: for each module in {@code
 * target/imagespec/registration.json}, and for all in that file of the top folder.
 */
@Mojo(
    name = "register",
    defaultPhase = LifecyclePhase.DEPLOY,
    requiresDependencyResolution = ResolutionScope.RUNTIME,
    threadSafe = true)
public final class RegisterMojo extends ImageSpecMojo {
  private final MavenProjectHelper helper;

  /** Only says what would be done, and why, as {@code plan} does. */
  @Parameter(property = "imagespec.dry-run", defaultValue = "false")
  private boolean dryRun;

  /** Called by Maven. */
  @Inject
  public RegisterMojo(MavenProjectHelper helper) {
    this.helper = helper;
  }

  @Override
  boolean reports() {
    return true;
  }

  @Override
  void run(Modules modules) throws MojoFailureException {
    if (dryRun) {
      Plan unused = PlanMojo.logged(this, modules);
      return;
    }
    Registration registration = new LoggedRegistration(this).register(modules);
    registration.tasks().forEach((task, image) -> getLog().info(task + " runs in " + image));
    registration
        .registrations()
        .forEach(
            task ->
                getLog()
                    .info(
                        task.task()
                            + " is "
                            + task.id()
                            + " ("
                            + task.definition()
                            + ", "
                            + task.action()
                            + ")"));
    for (MavenProject module : modules.sources().keySet()) {
      record(module, registration, modules.settings());
    }
    require(registration.failures(), modules);
  }

  /** Writes the record of a module's tasks, and attaches it, so that it can be deployed. */
  private void record(MavenProject module, Registration registration, Settings settings) {
    Set<String> tasks =
        registration.tasks().keySet().stream()
            .filter(task -> has(module, task))
            .collect(Collectors.toSet());
    if (tasks.isEmpty()) {
      return;
    }
    Path file = Path.of(module.getBuild().getDirectory(), RECORD);
    try {
      Files.createDirectories(file.resolveSibling(""));
      Files.writeString(
          file,
          registration
              .only(tasks)
              .toRecord(settings.source().orElse(""), settings.revision().orElse(""))
              .toJson());
    } catch (IOException e) {
      throw new ImageSpecException(
          FailureCode.LOCAL_IO,
          "The images are pushed, but the record " + file + " is not written: " + e,
          e);
    }
    helper.attachArtifact(module, "json", "imagespec-registration", file.toFile());
  }
}
