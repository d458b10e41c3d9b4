package dev.imagespec.check;

import java.util.regex.Pattern;

/**
 * Checks what the image runs: {@code mainClass}, {@code jvmFlags}, {@code entrypoint}, {@code
 * args}.
 */
final class ProgramCheck {
  private static final Pattern OWN =
      Pattern.compile("-cp|-classpath|--class-path(?:=.*)?|-jar|-m|--module(?:=.*)?");

  private ProgramCheck() {}

  static void check(Spec spec, Surroundings around, Problems problems) {
    if (spec.hasMainClass() && !around.mainRuns()) {
      problems.add(Message.MAIN_CLASS, spec.mainClass(), spec.mainClass().value());
    } else if (spec.hasMainClass() && !spec.mainClass().value().isBinaryName()) {
      problems.add(Message.MAIN_CLASS_NAME, spec.mainClass(), spec.mainClass().value());
    }
    if (spec.hasMainClass() && !spec.entrypoint().isEmpty()) {
      problems.add(Message.CONFLICT_ENTRYPOINT, spec.entrypoint().get(0));
    }
    if (!spec.hasMainClass() && !spec.jvmFlags().isEmpty() && !spec.isPart()) {
      problems.add(Message.CONFLICT_JVM_FLAGS, spec.jvmFlags().get(0));
    }
    for (Located<String> flag : spec.jvmFlags()) {
      if (OWN.matcher(flag.value()).matches()) {
        problems.add(Message.JVM_FLAG_OWN, flag);
      } else if (!flag.value().startsWith("-") && !flag.value().startsWith("@")) {
        problems.add(Message.JVM_FLAG_DASH, flag);
      }
    }
    if (!spec.entrypoint().isEmpty() && spec.entrypoint().get(0).value().isEmpty()) {
      problems.add(Message.EMPTY, spec.entrypoint().get(0));
    }
  }
}
