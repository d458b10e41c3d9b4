package dev.imagespec.processor.check;

import dev.imagespec.processor.read.RawSpec;
import javax.lang.model.type.TypeKind;

/** What an image runs: {@code mainClass}, {@code jvmFlags}, {@code entrypoint}. */
final class ProgramCheck {
  private ProgramCheck() {}

  static void check(RawSpec spec, boolean hasMain, Problems problems) {
    boolean isSet = spec.mainClass().value().getKind() != TypeKind.VOID;
    if (isSet && !hasMain) {
      problems.add(Message.MAIN_CLASS, spec.mainClass(), spec.mainClass().value());
    }
    if (isSet && !spec.entrypoint().isEmpty()) {
      problems.add(
          Message.CONFLICT,
          spec.entrypoint().get(0),
          "mainClass sets the entrypoint; remove one of the two");
    }
    if (!isSet && !spec.jvmFlags().isEmpty()) {
      problems.add(
          Message.CONFLICT,
          spec.jvmFlags().get(0),
          "flags for the Java virtual machine need a mainClass to run in it");
    }
  }
}
