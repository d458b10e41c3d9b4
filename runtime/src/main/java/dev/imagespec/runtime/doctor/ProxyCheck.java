package dev.imagespec.runtime.doctor;

import dev.imagespec.runtime.Diagnosis.Finding;
import dev.imagespec.runtime.Diagnosis.Status;
import java.util.List;

/** Checks which proxy, if any, is used for each registry. */
public final class ProxyCheck implements DoctorCheck {
  private final Patient patient;

  public ProxyCheck(Patient patient) {
    this.patient = patient;
  }

  @Override
  public Result run() {
    List<Finding> findings =
        patient.registries().stream()
            .map(
                registry ->
                    new Finding(
                        "proxy",
                        registry.toString(),
                        Status.OK,
                        patient
                            .registry()
                            .proxy(registry)
                            .map(proxy -> "through " + proxy)
                            .orElse("none, reached directly")))
            .toList();
    return Result.of(findings);
  }
}
