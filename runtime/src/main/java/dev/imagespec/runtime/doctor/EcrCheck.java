package dev.imagespec.runtime.doctor;

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
import dev.imagespec.runtime.registry.ecr.IamPolicy;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Region, credentials, identity, permissions and repositories of Amazon ECR. */
public final class EcrCheck implements DoctorCheck {
  private static final String TOKEN = "ecr:GetAuthorizationToken";

  private final Patient patient;
  private final Map<String, String> environment;

  public EcrCheck(Patient patient, Map<String, String> environment) {
    this.patient = patient;
    this.environment = environment;
  }

  @Override
  public Result run() {
    Map<Registry, List<Repository>> byRegistry = new LinkedHashMap<>();
    patient.targets().keySet().stream()
        .filter(target -> patient.ecr().serves(target.registry()))
        .forEach(
            target ->
                byRegistry
                    .computeIfAbsent(target.registry(), key -> new ArrayList<>())
                    .add(target));
    List<Finding> findings = new ArrayList<>();
    Map<String, String> policies = new TreeMap<>();
    byRegistry.forEach(
        (registry, targets) -> {
          Map<String, Set<String>> missing = new TreeMap<>();
          region(registry, findings);
          if (credentials(registry, findings, missing)) {
            identity(targets.get(0), findings);
            targets.forEach(target -> repository(target, findings, missing));
          }
          if (!missing.isEmpty()) {
            policies.put(registry.toString(), IamPolicy.allowing(registry, missing));
          }
        });
    return new Result(findings, policies);
  }

  private void region(Registry registry, List<Finding> findings) {
    Optional<EcrHost> host = registry.ecr();
    if (host.isPresent()) {
      boolean known = host.get().isRegionKnown();
      findings.add(
          new Finding(
              "region",
              registry.toString(),
              known ? Status.OK : Status.WARNING,
              host.get().region()
                  + (known ? "" : ", which this release does not know; it may be newer")));
    } else {
      findings.add(
          new Finding(
              "region",
              registry.toString(),
              Status.OK,
              "an emulator, "
                  + patient.settings().ecrRegion().orElse("in the AWS SDK's own region")));
    }
  }

  /** Says whether more can be asked. */
  private boolean credentials(
      Registry registry, List<Finding> findings, Map<String, Set<String>> missing) {
    try {
      boolean found = patient.ecr().credential(registry).isPresent();
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

  private void identity(Repository target, List<Finding> findings) {
    Optional<EcrHost> host = target.registry().ecr();
    boolean redirected =
        environment.containsKey("AWS_ENDPOINT_URL_STS")
            || environment.containsKey("AWS_ENDPOINT_URL");
    if (host.isEmpty() && !redirected) {
      findings.add(
          new Finding(
              "identity",
              target.registry().toString(),
              Status.NOT_PROBED,
              "an emulator; AWS_ENDPOINT_URL_STS says where its token service is"));
      return;
    }
    try {
      EcrExamination.Identity identity = patient.ecr().examine(target).identity();
      boolean own = host.isEmpty() || host.get().account().equals(identity.account());
      findings.add(
          new Finding(
              "identity",
              target.registry().toString(),
              own ? Status.OK : Status.WARNING,
              identity.arn()
                  + (own
                      ? ""
                      : ", of another account than the registry's: the repositories' own policies"
                          + " have to let it push, too")));
    } catch (ImageSpecException e) {
      findings.add(
          new Finding("identity", target.registry().toString(), Status.WARNING, e.getMessage()));
    }
  }

  private void repository(
      Repository target, List<Finding> findings, Map<String, Set<String>> missing) {
    EcrExamination examination = patient.ecr().examine(target);
    List<Manifest> tasks = patient.targets().getOrDefault(target, List.of());
    boolean absent = false;
    try {
      Optional<EcrExamination.State> state = examination.state();
      absent = state.isEmpty();
      findings.add(state(target, tasks, state));
    } catch (ImageSpecException e) {
      findings.add(
          new Finding(
              "repository",
              target.toString(),
              e.code() == FailureCode.DENIED ? Status.NOT_PROBED : Status.FAILED,
              e.getMessage()));
    }
    EcrExamination.Needs needs =
        new EcrExamination.Needs(
            absent,
            tasks.stream().anyMatch(task -> !task.repository().pullPrincipals().isEmpty()),
            tasks.stream().anyMatch(task -> task.repository().expireAfterDays() > 0));
    for (EcrPermission permission : examination.permissions(needs)) {
      findings.add(
          new Finding(
              "permission",
              permission.action() + " on " + target.name(),
              switch (permission.answer()) {
                case ALLOWED -> Status.OK;
                case NOT_PROBED -> Status.NOT_PROBED;
                case DENIED, FAILED -> Status.FAILED;
              },
              permission.detail()));
      if (permission.answer() == EcrPermission.Answer.DENIED) {
        missing
            .computeIfAbsent(target.name().value(), key -> new TreeSet<>())
            .add(permission.action());
      }
    }
  }

  private static Finding state(
      Repository target, List<Manifest> tasks, Optional<EcrExamination.State> state) {
    if (state.isEmpty()) {
      return new Finding(
          "repository", target.toString(), Status.OK, "does not exist; register creates it");
    }
    boolean wanted = tasks.stream().anyMatch(task -> task.repository().mutableTags());
    boolean surprising = !tasks.isEmpty() && state.get().mutableTags() && !wanted;
    return new Finding(
        "repository",
        target.toString(),
        surprising ? Status.WARNING : Status.OK,
        "exists: "
            + state.get().description()
            + (surprising
                ? ". Its tags may be moved, which a new repository's may not; change it with `aws ecr"
                    + " put-image-tag-mutability`"
                : ""));
  }
}
