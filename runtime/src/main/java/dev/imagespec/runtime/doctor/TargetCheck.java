package dev.imagespec.runtime.doctor;

import dev.imagespec.model.Manifest;
import dev.imagespec.model.Registry;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.Diagnosis.Finding;
import dev.imagespec.runtime.target.Examination;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Checks whether images can be pushed: credentials, permissions and repositories of each registry.
 */
public final class TargetCheck implements DoctorCheck {
  private final Patient patient;
  private final Map<String, String> environment;

  /**
   * A check.
   *
   * @param environment the environment variables of this process
   */
  public TargetCheck(Patient patient, Map<String, String> environment) {
    this.patient = patient;
    this.environment = environment;
  }

  @Override
  public Result run() {
    Map<Registry, Map<Repository, List<Manifest.Repository>>> byRegistry = new LinkedHashMap<>();
    patient
        .repositories()
        .forEach(
            (repository, tasks) ->
                byRegistry
                    .computeIfAbsent(repository.registry(), key -> new LinkedHashMap<>())
                    .put(repository, tasks.stream().map(Manifest::repository).toList()));
    List<Finding> findings = new ArrayList<>();
    Map<String, String> policies = new TreeMap<>();
    byRegistry.forEach(
        (registry, repositories) -> {
          Examination examination =
              patient.targets().of(registry).examine(repositories, environment);
          findings.addAll(examination.findings());
          if (!examination.missingPolicy().isEmpty()) {
            policies.put(registry.toString(), examination.missingPolicy());
          }
        });
    return new Result(findings, policies);
  }
}
