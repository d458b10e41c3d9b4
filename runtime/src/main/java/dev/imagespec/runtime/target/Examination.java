package dev.imagespec.runtime.target;

import dev.imagespec.runtime.Diagnosis.Finding;
import java.util.List;

/**
 * What stands in the way of pushing to a registry.
 *
 * @param findings in the order to show them in
 * @param missingPolicy the IAM policy that allows what is missing, as JSON; empty if nothing is, or
 *     the registry has no such policies
 */
public record Examination(List<Finding> findings, String missingPolicy) {
  public Examination {
    findings = List.copyOf(findings);
  }
}
