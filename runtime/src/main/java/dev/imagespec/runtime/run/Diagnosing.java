package dev.imagespec.runtime.run;

import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Repository;
import dev.imagespec.model.RepositoryName;
import dev.imagespec.runtime.Diagnosis;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.RegistrationListener;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.TaskRegistrar;
import dev.imagespec.runtime.catalog.Catalog;
import dev.imagespec.runtime.catalog.Task;
import dev.imagespec.runtime.doctor.BaseCheck;
import dev.imagespec.runtime.doctor.ClockCheck;
import dev.imagespec.runtime.doctor.DoctorCheck;
import dev.imagespec.runtime.doctor.EngineCheck;
import dev.imagespec.runtime.doctor.Patient;
import dev.imagespec.runtime.doctor.ProxyCheck;
import dev.imagespec.runtime.doctor.TargetCheck;
import dev.imagespec.runtime.memory.MachineMemory;
import dev.imagespec.runtime.record.Registrars;
import dev.imagespec.runtime.resolve.Drafter;
import dev.imagespec.runtime.resolve.Recipe;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Checks everything that a registration needs: credentials, permissions, repositories, base images,
 * clock, proxies and engines. Changes nothing, neither on this machine nor in a registry.
 */
public final class Diagnosing {
  private final Session session;
  private final Settings settings;
  private final Map<String, String> environment;
  private final Clock clock;
  private final Iterable<TaskRegistrar> registrars;

  /**
   * A diagnosis.
   *
   * @param environment the environment variables of this process
   * @param clock this machine's clock, which is compared with the registries'
   * @param registrars examine what they need themselves
   */
  public Diagnosing(
      Session session,
      Settings settings,
      Map<String, String> environment,
      Clock clock,
      Iterable<TaskRegistrar> registrars) {
    this.session = session;
    this.settings = settings;
    this.environment = environment;
    this.clock = clock;
    this.registrars = registrars;
  }

  /**
   * Checks what the registration of a catalog would use; if the catalog is empty, the registry that
   * the settings name.
   *
   * @throws ImageSpecException if a setting or a manifest is wrong, or there is nothing to check
   */
  public Diagnosis examine(Catalog catalog) {
    Map<Repository, List<Manifest>> targets = new LinkedHashMap<>();
    Set<ImageReference> bases = new LinkedHashSet<>();
    List<Diagnosis.Finding> unreadable = new ArrayList<>();
    Drafter drafter = new Drafter(settings, session.targets(), MachineMemory.none());
    for (Task task : catalog.tasks()) {
      targets.computeIfAbsent(drafter.target(task), key -> new ArrayList<>()).add(task.manifest());
      try {
        bases.addAll(Recipe.references(task));
      } catch (ImageSpecException e) {
        unreadable.add(
            new Diagnosis.Finding(
                "dockerfile",
                task.manifest().dockerfile().path(),
                Diagnosis.Status.FAILED,
                e.getMessage()));
      }
    }
    if (targets.isEmpty() && settings.registry().isPresent()) {
      String name = settings.name().map(RepositoryName::value).orElse("imagespec");
      targets.put(settings.registry().get().repository(name), List.of());
    }
    if (targets.isEmpty()) {
      throw new ImageSpecException(
          FailureCode.INVALID_SETTING,
          "There is nothing to examine. Give the tasks' class path with --classpath, or a registry with"
              + " --registry (and --name).");
    }
    Patient patient =
        new Patient(
            settings, catalog.manifests(), targets, bases, session.registry(), session.targets());
    List<DoctorCheck> checks =
        List.of(
            new ProxyCheck(patient),
            new ClockCheck(patient, clock),
            new TargetCheck(patient, environment),
            new BaseCheck(patient),
            new EngineCheck(patient, Engines.all(), Engines.settings(settings)));
    List<Diagnosis.Finding> findings = new ArrayList<>(unreadable);
    Map<String, String> policies = new TreeMap<>();
    for (DoctorCheck check : checks) {
      DoctorCheck.Result result = check.run();
      findings.addAll(result.findings());
      policies.putAll(result.missingPolicies());
    }
    Diagnosis ofRegistrars =
        new Registrars(registrars, settings, catalog, drafter::target, RegistrationListener.none())
            .examine();
    findings.addAll(ofRegistrars.findings());
    policies.putAll(ofRegistrars.missingPolicies());
    return new Diagnosis(findings, policies);
  }
}
