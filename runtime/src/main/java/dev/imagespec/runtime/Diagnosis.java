package dev.imagespec.runtime;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * What stands in the way of a registration.
 *
 * @param findings what was checked, in the order of the checks
 * @param missingPolicies for each registry of Amazon ECR whose identity lacks permissions, the IAM
 *     policy that allows exactly those; JSON
 */
public record Diagnosis(List<Finding> findings, Map<String, String> missingPolicies) {
  public Diagnosis {
    findings = List.copyOf(findings);
    missingPolicies = Collections.unmodifiableMap(new TreeMap<>(missingPolicies));
  }

  /** How something is. */
  public enum Status {
    /** As it should be. */
    OK,
    /** It works, but perhaps not as it is meant to. */
    WARNING,
    /** A registration will fail. */
    FAILED,
    /** It cannot be found out without changing something. */
    NOT_PROBED;

    /** The form used in tables and JSON: lower case, with spaces. */
    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', ' ');
    }
  }

  /**
   * One thing that was checked.
   *
   * @param check what kind of thing: {@code credentials}, {@code permission}, {@code base} and so
   *     on
   * @param subject the registry, repository, image, program or action
   * @param status how it is
   * @param message what was found, and the next step where one is needed; may be empty
   */
  public record Finding(String check, String subject, Status status, String message) {}

  /** Whether nothing failed. */
  public boolean isHealthy() {
    return findings.stream().noneMatch(finding -> finding.status() == Status.FAILED);
  }
}
