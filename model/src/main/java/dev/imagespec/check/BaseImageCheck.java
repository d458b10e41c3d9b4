package dev.imagespec.check;

import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Checks {@code baseImage}, {@code baseSpec} and {@code platforms}. */
final class BaseImageCheck {
  /** The architectures of Linux images, by their names in Go, with their variants. */
  private static final Map<String, Set<String>> ARCHITECTURES =
      Map.ofEntries(
          Map.entry("386", Set.of("")),
          Map.entry("amd64", Set.of("", "v1", "v2", "v3", "v4")),
          Map.entry("arm", Set.of("", "v5", "v6", "v7", "v8")),
          Map.entry("arm64", Set.of("", "v8", "v9")),
          Map.entry("loong64", Set.of("")),
          Map.entry("mips64le", Set.of("")),
          Map.entry("ppc64le", Set.of("")),
          Map.entry("riscv64", Set.of("")),
          Map.entry("s390x", Set.of("")));

  private BaseImageCheck() {}

  static void check(Spec spec, Surroundings around, Problems problems) {
    if (spec.hasBaseSpec()) {
      baseSpec(spec, around, problems);
    } else if (!spec.dockerfile().isSet()) {
      baseImage(spec, around, problems);
    }
    platforms(spec, problems);
  }

  private static void platforms(Spec spec, Problems problems) {
    Map<Platform, String> seen = new HashMap<>();
    for (Located<String> text : spec.platforms()) {
      try {
        Platform platform = Platform.parse(text.value());
        supported(platform, text, problems);
        String first = seen.putIfAbsent(platform, text.path());
        if (first != null) {
          problems.add(Message.PLATFORM_TWICE, text, first);
        } else if (!platform.toString().equals(text.value())) {
          problems.add(Message.PLATFORM_NAME, text, platform);
        }
      } catch (IllegalArgumentException e) {
        problems.add(Message.PLATFORM, text, e.getMessage());
      }
    }
    if (spec.platforms().isEmpty()) {
      problems.add(Message.PLATFORM_MISSING, spec.self());
    }
  }

  private static void baseSpec(Spec spec, Surroundings around, Problems problems) {
    Located<ClassName> base = spec.baseSpec();
    if (!spec.baseImage().value().isEmpty()) {
      problems.add(Message.CONFLICT_BASE, spec.baseImage());
    }
    if (!around.baseIsTask()) {
      problems.add(Message.BASE_SPEC_NO_TASK, base, base.value());
    } else if (!around.baseCycle().isEmpty()) {
      problems.add(Message.BASE_SPEC_CIRCLE, base, String.join(" → ", around.baseCycle()));
    } else if (!base.value().isBinaryName()) {
      problems.add(Message.BASE_SPEC_CLASS, base, base.value());
    }
  }

  private static void baseImage(Spec spec, Surroundings around, Problems problems) {
    String base = spec.baseImage().value();
    if (base.isEmpty()) {
      if (!spec.isPart()) {
        problems.add(Message.BASE_IMAGE_MISSING, spec.self());
      }
      return;
    }
    if (base.equals(Manifest.SCRATCH)) {
      onScratch(spec, problems);
      return;
    }
    try {
      ImageReference reference = ImageReference.parse(base);
      RegistryCheck.region(
          reference.registry(), spec.baseImage(), Message.BASE_IMAGE_REGION, around, problems);
      if (!reference.isPinned() && reference.tag().orElse("").equals("latest")) {
        problems.add(Message.UNPINNED, spec.baseImage());
      }
    } catch (IllegalArgumentException e) {
      problems.add(Message.BASE_IMAGE, spec.baseImage(), e.getMessage());
    }
  }

  private static void onScratch(Spec spec, Problems problems) {
    List<Located<String>> steps = new ArrayList<>();
    spec.aptPackages().stream().limit(1).forEach(steps::add);
    spec.packages().stream().limit(1).forEach(steps::add);
    spec.commands().stream().limit(1).forEach(steps::add);
    if (!spec.requirements().value().isEmpty()) {
      steps.add(spec.requirements());
    }
    spec.pip().indexes().stream().limit(1).forEach(index -> steps.add(index.url()));
    steps.forEach(step -> problems.add(Message.CONFLICT_SCRATCH, step));
    if (spec.hasMainClass()) {
      problems.add(Message.CONFLICT_SCRATCH_JAVA, spec.main());
    }
    if (spec.application().value().runs()) {
      problems.add(Message.CONFLICT_SCRATCH_JAVA, spec.application().from());
    }
  }

  private static void supported(Platform platform, Located<String> where, Problems problems) {
    Set<String> variants = ARCHITECTURES.get(platform.architecture());
    if (!platform.os().equals("linux")) {
      problems.add(Message.PLATFORM_OS, where, platform.os());
    } else if (variants == null) {
      problems.add(Message.PLATFORM_ARCHITECTURE, where, platform.architecture());
    } else if (!variants.contains(platform.variant())) {
      problems.add(Message.PLATFORM_VARIANT, where, platform.architecture(), platform.variant());
    }
  }
}
