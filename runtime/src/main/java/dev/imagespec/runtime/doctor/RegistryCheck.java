package dev.imagespec.runtime.doctor;

import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.Diagnosis.Finding;
import dev.imagespec.runtime.Diagnosis.Status;
import dev.imagespec.runtime.ImageSpecException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;

/** Credentials and permissions for registries that are not Amazon ECR's. */
public final class RegistryCheck implements DoctorCheck {
  /** A tag that nobody has. */
  private static final String NOBODYS_TAG = "imagespec-doctor";

  private final Patient patient;

  public RegistryCheck(Patient patient) {
    this.patient = patient;
  }

  @Override
  public Result run() {
    List<Finding> findings = new ArrayList<>();
    List<Repository> targets =
        patient.targets().keySet().stream()
            .filter(target -> !patient.ecr().serves(target.registry()))
            .toList();
    new TreeSet<>(targets.stream().map(Repository::registry).toList())
        .forEach(registry -> findings.add(credentials(registry)));
    for (Repository target : targets) {
      boolean readable = pull(target, findings);
      if (readable) {
        findings.add(push(target));
      }
    }
    return Result.of(findings);
  }

  private Finding credentials(Registry registry) {
    try {
      boolean found = patient.credentials().credential(registry).isPresent();
      return new Finding(
          "credentials",
          registry.toString(),
          found ? Status.OK : Status.WARNING,
          found
              ? "found in Docker's configuration"
              : "none; if it wants any, log in with `docker login " + registry + "`");
    } catch (ImageSpecException e) {
      return new Finding("credentials", registry.toString(), Status.FAILED, e.getMessage());
    }
  }

  private boolean pull(Repository target, List<Finding> findings) {
    try {
      Optional<?> unused = patient.registry().manifests().digest(target, NOBODYS_TAG);
      findings.add(new Finding("permission", target + " pull", Status.OK, ""));
      return true;
    } catch (ImageSpecException e) {
      findings.add(new Finding("permission", target + " pull", Status.FAILED, e.getMessage()));
      return false;
    }
  }

  private Finding push(Repository target) {
    String subject = target + " push";
    try {
      return patient.registry().uploads().mayPush(target).isPresent()
          ? new Finding("permission", subject, Status.OK, "")
          : new Finding(
              "permission", subject, Status.NOT_PROBED, "the registry's answer does not tell");
    } catch (ImageSpecException e) {
      return new Finding("permission", subject, Status.FAILED, e.getMessage());
    }
  }
}
