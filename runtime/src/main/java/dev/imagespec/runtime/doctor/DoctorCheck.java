package dev.imagespec.runtime.doctor;

import dev.imagespec.runtime.Diagnosis.Finding;
import java.util.List;
import java.util.Map;

/** Checks one subject. What it cannot find out is a finding, too, never an exception. */
public interface DoctorCheck {
  /**
   * The result of a check.
   *
   * @param findings in the order in which to show them
   * @param missingPolicies the missing IAM policies, by registry
   */
  record Result(List<Finding> findings, Map<String, String> missingPolicies) {
    public Result {
      findings = List.copyOf(findings);
      missingPolicies = Map.copyOf(missingPolicies);
    }

    static Result of(List<Finding> findings) {
      return new Result(findings, Map.of());
    }
  }

  /** Runs the check, with as many requests as it needs. */
  Result run();
}
