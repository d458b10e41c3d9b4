package dev.imagespec.processor.check;

import dev.imagespec.processor.read.RawSpec;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** All checks of a spec, in the order of its attributes. */
public final class SpecChecks {
  private SpecChecks() {}

  /**
   * Everything that is wrong with a spec.
   *
   * @param hasMain whether the spec's main class can be run; asked of the compiler
   * @param projectDir where its files are; empty if that is not known, and they are not looked for
   */
  public static List<Problem> check(RawSpec spec, boolean hasMain, Optional<Path> projectDir) {
    Problems problems = new Problems();
    TextCheck.check(spec, problems);
    RegistryCheck.check(spec, problems);
    BaseImageCheck.check(spec, problems);
    EnvironmentCheck.check(spec, problems);
    ProgramCheck.check(spec, hasMain, problems);
    ConfigCheck.check(spec, problems);
    CopyCheck.check(spec, projectDir, problems);
    return problems.list();
  }
}
