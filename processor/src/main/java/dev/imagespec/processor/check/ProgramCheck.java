package dev.imagespec.processor.check;

import dev.imagespec.processor.read.Located;
import dev.imagespec.processor.read.RawSpec;
import java.util.regex.Pattern;

/** What an image runs: {@code mainClass}, {@code jvmFlags}, {@code entrypoint}, {@code args}. */
final class ProgramCheck {
  private static final Pattern OWN =
      Pattern.compile("-cp|-classpath|--class-path(?:=.*)?|-jar|-m|--module(?:=.*)?");

  private ProgramCheck() {}

  static void check(RawSpec spec, Surroundings around, Problems problems) {
    if (spec.hasMainClass() && !around.mainRuns()) {
      problems.add(Message.MAIN_CLASS, spec.mainClass(), spec.mainClass().value());
    }
    if (spec.hasMainClass() && !spec.entrypoint().isEmpty()) {
      problems.add(
          Message.CONFLICT,
          spec.entrypoint().get(0),
          "mainClass sets the entrypoint; remove one of the two");
    }
    if (!spec.hasMainClass() && !spec.jvmFlags().isEmpty() && !spec.isPart()) {
      problems.add(
          Message.CONFLICT,
          spec.jvmFlags().get(0),
          "flags for the Java virtual machine need a mainClass to run in it");
    }
    for (Located<String> flag : spec.jvmFlags()) {
      if (OWN.matcher(flag.value()).matches()) {
        problems.add(
            Message.JVM_FLAG,
            flag,
            "the class path and the class to run follow from mainClass; remove this");
      } else if (!flag.value().startsWith("-") && !flag.value().startsWith("@")) {
        problems.add(
            Message.JVM_FLAG,
            flag,
            "a flag starts with a dash; arguments of the program stand in args, and a flag with a value is"
                + " written with =");
      }
    }
    if (!spec.entrypoint().isEmpty() && spec.entrypoint().get(0).value().isEmpty()) {
      problems.add(Message.EMPTY, spec.entrypoint().get(0));
    }
  }
}
