package dev.imagespec.maven;

import dev.imagespec.runtime.Diagnosis;
import dev.imagespec.runtime.Doctor;
import org.apache.maven.plugin.MojoFailureException;
import org.apache.maven.plugins.annotations.Mojo;
import org.apache.maven.plugins.annotations.ResolutionScope;

/** Checks what {@code register} needs: credentials, permissions, repositories, bases, engines. */
@Mojo(name = "doctor", requiresDependencyResolution = ResolutionScope.RUNTIME, threadSafe = true)
public final class DoctorMojo extends ImageSpecMojo {
  @Override
  void run(Modules modules) throws MojoFailureException {
    Diagnosis diagnosis =
        Doctor.of(modules.settings(), modules.taskSources())
            .withCredentials(credentials())
            .examine();
    for (Diagnosis.Finding finding : diagnosis.findings()) {
      String line = finding.check() + " " + finding.subject() + ": " + finding.status();
      String text = finding.message().isEmpty() ? line : line + ", " + finding.message();
      switch (finding.status()) {
        case FAILED -> getLog().error(text);
        case WARNING -> getLog().warn(text);
        default -> getLog().info(text);
      }
    }
    diagnosis
        .missingPolicies()
        .forEach(
            (registry, policy) ->
                getLog()
                    .info(
                        "Permissions are missing for "
                            + registry
                            + ". Attach this policy to the identity:\n"
                            + policy));
    if (!diagnosis.isHealthy()) {
      throw new MojoFailureException("A registration would fail; see the failed checks above.");
    }
  }
}
