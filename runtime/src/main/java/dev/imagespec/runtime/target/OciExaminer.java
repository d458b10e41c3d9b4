package dev.imagespec.runtime.target;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.Diagnosis.Finding;
import dev.imagespec.runtime.Diagnosis.Status;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.registry.RegistryClient;
import dev.imagespec.runtime.registry.auth.CredentialSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** Examines credentials and permissions for a registry through the OCI distribution protocol. */
final class OciExaminer {
  /** A tag that no image has. */
  private static final String NOBODYS_TAG = "imagespec-doctor";

  private final RegistryClient client;
  private final CredentialSource credentials;

  OciExaminer(RegistryClient client, CredentialSource credentials) {
    this.client = client;
    this.credentials = credentials;
  }

  Examination examine(Registry registry, Collection<Repository> repositories) {
    List<Finding> permissions = new ArrayList<>();
    for (Repository repository : repositories) {
      client.expectPush(repository);
      if (mayPull(repository, permissions)) {
        permissions.add(push(repository));
      }
    }
    boolean allowed =
        !permissions.isEmpty()
            && permissions.stream().allMatch(finding -> finding.status() == Status.OK);
    List<Finding> findings = new ArrayList<>();
    findings.add(credentials(registry, repositories, allowed));
    findings.addAll(permissions);
    return new Examination(findings, "");
  }

  private Finding credentials(
      Registry registry, Collection<Repository> repositories, boolean allowed) {
    try {
      boolean found =
          repositories.stream().anyMatch(each -> credentials.credential(each).isPresent());
      return new Finding(
          "credentials",
          registry.toString(),
          found || allowed ? Status.OK : Status.WARNING,
          found
              ? "found"
              : allowed
                  ? "none, and none are needed"
                  : "none; if it wants any, log in with `docker login "
                      + registry
                      + "`, or set IMAGESPEC_REGISTRY_USERNAME and IMAGESPEC_REGISTRY_PASSWORD");
    } catch (ImageSpecException e) {
      return new Finding("credentials", registry.toString(), Status.FAILED, e.getMessage());
    }
  }

  private boolean mayPull(Repository repository, List<Finding> findings) {
    String subject = repository + " pull";
    try {
      Optional<Digest> unused = client.manifests().digest(repository, NOBODYS_TAG);
      findings.add(new Finding("permission", subject, Status.OK, ""));
      return true;
    } catch (ImageSpecException e) {
      findings.add(new Finding("permission", subject, Status.FAILED, e.getMessage()));
      return false;
    }
  }

  private Finding push(Repository repository) {
    String subject = repository + " push";
    try {
      return client.uploads().mayPush(repository).isPresent()
          ? new Finding("permission", subject, Status.OK, "")
          : new Finding(
              "permission", subject, Status.NOT_PROBED, "the registry's answer does not tell");
    } catch (ImageSpecException e) {
      return new Finding("permission", subject, Status.FAILED, e.getMessage());
    }
  }
}
