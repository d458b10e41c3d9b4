package dev.imagespec.runtime.target;

import dev.imagespec.runtime.Diagnosis.Finding;
import java.util.List;

/**
 * What prevents pushing to a registry.
 *
 * @param findings in the order in which to show them
 * @param missingPolicy the IAM policy that allows what is missing, as JSON; empty if nothing is
 *     missing, or the registry has no such policies
 */
public record Examination(List<Finding> findings, String missingPolicy) {
  public Examination {
    findings = List.copyOf(findings);
  }
}
