package dev.imagespec.check;

import java.util.List;

/** All checks of a spec, in the order of its attributes. */
public final class SpecChecks {
  private SpecChecks() {}

  /**
   * Finds all problems of a spec. For a part of a spec, finds those that no completion can remove.
   */
  public static List<Problem> check(Spec spec, Surroundings around) {
    Problems problems = new Problems();
    for (Ambiguity ambiguity : spec.ambiguities()) {
      problems.add(
          Message.AMBIGUOUS,
          ambiguity.first(),
          ambiguity.second().path(),
          ambiguity.second().value());
    }
    spec.carriers().stream()
        .filter(carrier -> !carrier.isInClassFiles())
        .forEach(carrier -> problems.add(Message.RETENTION, carrier.annotation()));
    ReplaceCheck.check(spec, problems);
    TextCheck.check(spec, problems);
    RegistryCheck.check(spec, around, problems);
    BaseImageCheck.check(spec, around, problems);
    DockerfileCheck.check(spec, around, problems);
    AptCheck.check(spec, problems);
    PipCheck.check(spec, around, problems);
    StepCheck.check(spec, problems);
    ProgramCheck.check(spec, around, problems);
    ConfigCheck.check(spec, problems);
    AnnotationCheck.check(spec, problems);
    EnvCheck.check(spec, problems);
    CopyCheck.check(spec, around, problems);
    ApplicationCheck.check(spec, problems);
    FlyteCheck.check(spec, problems);
    CredentialCheck.check(spec, problems);
    return problems.list();
  }
}
