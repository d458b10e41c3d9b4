package dev.imagespec.runtime;

import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/**
 * The result of checking everything that a registration needs.
 *
 * @param findings what was checked, in the order of the checks
 * @param missingPolicies for each Amazon ECR registry whose identity lacks permissions, the IAM
 *     policy that allows exactly those, as JSON
 */
public record Diagnosis(List<Finding> findings, Map<String, String> missingPolicies) {
  public Diagnosis {
    findings = List.copyOf(findings);
    missingPolicies = Collections.unmodifiableMap(new TreeMap<>(missingPolicies));
  }

  /** The result of one check. */
  public enum Status {
    /** Nothing is wrong. */
    OK,
    /** It works, but perhaps not as intended. */
    WARNING,
    /** A registration will fail. */
    FAILED,
    /** It cannot be checked without changing something. */
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
   * @param status the result
   * @param message what was found, and the next step if one is needed; may be empty
   */
  public record Finding(String check, String subject, Status status, String message) {}

  /** Whether no check failed. */
  public boolean isHealthy() {
    return findings.stream().noneMatch(finding -> finding.status() == Status.FAILED);
  }
}
