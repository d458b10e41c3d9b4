package dev.imagespec.runtime.target;

import dev.imagespec.model.EcrHost;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.Diagnosis.Finding;
import dev.imagespec.runtime.Diagnosis.Status;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.registry.ecr.EcrExamination;
import dev.imagespec.runtime.registry.ecr.EcrPermission;
import dev.imagespec.runtime.registry.ecr.EcrPolicies;
import dev.imagespec.runtime.registry.ecr.EcrRegistries;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Examines a private registry: region, credentials, identity, permissions and repositories. */
final class EcrExaminer {
  private static final String TOKEN = "ecr:GetAuthorizationToken";

  private final EcrRegistries ecr;
  private final Registry registry;
  private final Map<String, String> environment;
  private final List<Finding> findings = new ArrayList<>();

  /** Missing actions by repository; those of the whole registry under an empty name. */
  private final Map<String, Set<String>> missing = new TreeMap<>();

  EcrExaminer(EcrRegistries ecr, Registry registry, Map<String, String> environment) {
    this.ecr = ecr;
    this.registry = registry;
    this.environment = environment;
  }

  Examination examine(Map<Repository, List<Manifest.Repository>> repositories) {
    findings.add(region());
    if (hasCredentials()) {
      findings.add(identity(repositories.keySet().iterator().next()));
      repositories.forEach(this::repository);
    }
    return new Examination(
        findings, missing.isEmpty() ? "" : EcrPolicies.allowing(registry, missing));
  }

  private Finding region() {
    Optional<EcrHost> host = registry.ecr();
    if (host.isEmpty()) {
      return new Finding(
          "region",
          registry.toString(),
          Status.OK,
          "an emulator, " + ecr.emulatorRegion().orElse("in the AWS SDK's own region"));
    }
    boolean known = host.get().isRegionKnown();
    return new Finding(
        "region",
        registry.toString(),
        known ? Status.OK : Status.WARNING,
        host.get().region() + (known ? "" : ", which this release does not know; it may be newer"));
  }

  /** Checks the credentials; returns whether it makes sense to go on. */
  private boolean hasCredentials() {
    try {
      boolean found = ecr.credential(registry).isPresent();
      findings.add(
          new Finding(
              "credentials", registry.toString(), Status.OK, "Amazon ECR gives a token for them"));
      findings.add(new Finding("permission", TOKEN, Status.OK, ""));
      return found;
    } catch (ImageSpecException e) {
      boolean denied = e.code() == FailureCode.DENIED;
      findings.add(
          denied
              ? new Finding("permission", TOKEN, Status.FAILED, e.getMessage())
              : new Finding("credentials", registry.toString(), Status.FAILED, e.getMessage()));
      if (denied) {
        missing.computeIfAbsent("", key -> new TreeSet<>()).add(TOKEN);
      }
      return denied;
    }
  }

  private Finding identity(Repository repository) {
    Optional<EcrHost> host = registry.ecr();
    boolean redirected =
        environment.containsKey("AWS_ENDPOINT_URL_STS")
            || environment.containsKey("AWS_ENDPOINT_URL");
    if (host.isEmpty() && !redirected) {
      return new Finding(
          "identity",
          registry.toString(),
          Status.NOT_PROBED,
          "an emulator; AWS_ENDPOINT_URL_STS says where its token service is");
    }
    try {
      EcrExamination.Identity identity = ecr.examine(repository).identity();
      boolean own = host.isEmpty() || host.get().account().equals(identity.account());
      return new Finding(
          "identity",
          registry.toString(),
          own ? Status.OK : Status.WARNING,
          identity.arn()
              + (own
                  ? ""
                  : ", of another account than the registry's: the repositories' own policies"
                      + " have to let it push, too"));
    } catch (ImageSpecException e) {
      return new Finding("identity", registry.toString(), Status.WARNING, e.getMessage());
    }
  }

  private void repository(Repository repository, List<Manifest.Repository> asked) {
    EcrExamination examination = ecr.examine(repository);
    boolean absent = false;
    try {
      Optional<EcrExamination.State> state = examination.state();
      absent = state.isEmpty();
      findings.add(state(repository, asked, state));
    } catch (ImageSpecException e) {
      findings.add(
          new Finding(
              "repository",
              repository.toString(),
              e.code() == FailureCode.DENIED ? Status.NOT_PROBED : Status.FAILED,
              e.getMessage()));
    }
    EcrExamination.Needs needs =
        new EcrExamination.Needs(
            absent,
            asked.stream().anyMatch(each -> !each.pullPrincipals().isEmpty()),
            asked.stream().anyMatch(each -> each.expireAfterDays() > 0));
    for (EcrPermission permission : examination.permissions(needs)) {
      findings.add(
          new Finding(
              "permission",
              permission.action() + " on " + repository.name(),
              switch (permission.answer()) {
                case ALLOWED -> Status.OK;
                case NOT_PROBED -> Status.NOT_PROBED;
                case DENIED, FAILED -> Status.FAILED;
              },
              permission.detail()));
      if (permission.answer() == EcrPermission.Answer.DENIED) {
        missing
            .computeIfAbsent(repository.name().value(), key -> new TreeSet<>())
            .add(permission.action());
      }
    }
  }

  private static Finding state(
      Repository repository,
      List<Manifest.Repository> asked,
      Optional<EcrExamination.State> state) {
    if (state.isEmpty()) {
      return new Finding(
          "repository", repository.toString(), Status.OK, "does not exist; register creates it");
    }
    boolean wanted = asked.stream().anyMatch(Manifest.Repository::mutableTags);
    boolean surprising = !asked.isEmpty() && state.get().mutableTags() && !wanted;
    return new Finding(
        "repository",
        repository.toString(),
        surprising ? Status.WARNING : Status.OK,
        "exists: "
            + state.get().description()
            + (surprising
                ? ". Its tags may be moved, which a new repository's may not; change it with `aws ecr"
                    + " put-image-tag-mutability`"
                : ""));
  }
}
