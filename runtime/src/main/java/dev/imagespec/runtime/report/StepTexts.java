package dev.imagespec.runtime.report;

import dev.imagespec.model.Manifest;
import dev.imagespec.model.Step;
import java.util.ArrayList;
import java.util.List;

/** What the steps of an environment do, one line each, as the annotation says it. */
final class StepTexts {
  private StepTexts() {}

  static List<String> of(Manifest manifest) {
    if (manifest.dockerfile().isSet()) {
      return List.of("build: " + manifest.dockerfile().path());
    }
    return manifest.environment().steps().stream().map(StepTexts::text).toList();
  }

  private static String text(Step step) {
    if (step instanceof Step.Apt apt) {
      return "apt: " + String.join(" ", apt.packages());
    }
    if (step instanceof Step.Pip pip) {
      List<String> words = new ArrayList<>(pip.packages());
      if (!pip.requirements().isEmpty()) {
        words.add("-r " + pip.requirements());
      }
      return "pip: " + String.join(" ", words);
    }
    return "run: " + step.script();
  }
}
