package dev.imagespec.runtime.report;

import dev.imagespec.model.Manifest;
import dev.imagespec.model.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What the steps of an environment get and do, one line each, as the annotation says it. */
final class StepTexts {
  private StepTexts() {}

  static List<String> of(Manifest manifest) {
    if (manifest.dockerfile().isSet()) {
      return List.of("build: " + manifest.dockerfile().path());
    }
    return Stream.concat(
            manifest.environment().copy().stream()
                .map(copy -> "copy: " + copy.from() + " to " + copy.to()),
            manifest.environment().steps().stream().map(StepTexts::text))
        .toList();
  }

  private static String text(Step step) {
    if (step instanceof Step.Apt apt) {
      return "apt: " + String.join(" ", apt.packages());
    }
    if (step instanceof Step.Pip pip) {
      List<String> words = new ArrayList<>(pip.packages());
      pip.how().indexes().forEach(index -> words.addAll(index.packages()));
      if (!pip.requirements().isEmpty()) {
        words.add("-r " + pip.requirements());
      }
      return "pip: " + String.join(" ", words);
    }
    return "run: " + step.script();
  }
}
