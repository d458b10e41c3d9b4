package dev.imagespec.processor.check;

import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.processor.read.Located;
import dev.imagespec.processor.read.RawSpec;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/** What an image starts from: {@code baseImage}, {@code baseSpec}, {@code platforms}. */
final class BaseImageCheck {
  /** The architectures that Linux images are made for, in Go's words, with their variants. */
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

  static void check(RawSpec spec, Surroundings around, Problems problems) {
    if (spec.baseSpec().isPresent()) {
      baseSpec(spec, around, problems);
    } else {
      baseImage(spec, around, problems);
    }
    Map<Platform, String> seen = new HashMap<>();
    for (Located<String> text : spec.platforms()) {
      try {
        Platform platform = Platform.parse(text.value());
        supported(platform, text, problems);
        String first = seen.putIfAbsent(platform, text.path());
        if (first != null) {
          problems.add(Message.PLATFORM, text, "the platform stands twice, first in " + first);
        } else if (!platform.toString().equals(text.value())) {
          problems.add(Message.PLATFORM_NAME, text, platform);
        }
      } catch (IllegalArgumentException e) {
        problems.add(Message.PLATFORM, text, String.valueOf(e.getMessage()));
      }
    }
    if (spec.platforms().isEmpty()) {
      problems.add(Message.PLATFORM, spec.self(), "an image is for at least one platform");
    }
  }

  private static void baseSpec(RawSpec spec, Surroundings around, Problems problems) {
    Located<?> base = spec.baseSpec().orElseThrow();
    if (!spec.baseImage().value().isEmpty()) {
      problems.add(
          Message.CONFLICT,
          spec.baseImage(),
          "baseSpec says what to start from; remove one of the two");
    }
    if (!around.baseIsTask()) {
      problems.add(
          Message.BASE_SPEC,
          base,
          base.value() + " has no image: it is not annotated with @ImageSpec");
    } else if (!around.baseCycle().isEmpty()) {
      problems.add(
          Message.BASE_SPEC,
          base,
          "an image cannot be based on itself: " + String.join(" → ", around.baseCycle()));
    }
  }

  private static void baseImage(RawSpec spec, Surroundings around, Problems problems) {
    String base = spec.baseImage().value();
    if (base.isEmpty()) {
      if (!spec.isPart()) {
        problems.add(
            Message.BASE_IMAGE,
            spec.self(),
            "an image starts from something; set baseImage, to \"scratch\" for nothing");
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
          reference.registry(),
          spec.baseImage(),
          Message.BASE_IMAGE,
          around.extraRegions(),
          problems);
      if (!reference.isPinned() && reference.tag().orElse("").equals("latest")) {
        problems.add(Message.UNPINNED, spec.baseImage());
      }
    } catch (IllegalArgumentException e) {
      problems.add(Message.BASE_IMAGE, spec.baseImage(), String.valueOf(e.getMessage()));
    }
  }

  private static void onScratch(RawSpec spec, Problems problems) {
    String why = "an image on scratch has nothing that could do this; name a base image that has";
    spec.aptPackages().stream().limit(1).forEach(at -> problems.add(Message.CONFLICT, at, why));
    spec.packages().stream().limit(1).forEach(at -> problems.add(Message.CONFLICT, at, why));
    spec.commands().stream().limit(1).forEach(at -> problems.add(Message.CONFLICT, at, why));
    if (!spec.requirements().value().isEmpty()) {
      problems.add(Message.CONFLICT, spec.requirements(), why);
    }
    if (spec.hasMainClass()) {
      problems.add(
          Message.CONFLICT,
          spec.mainClass(),
          "there is no java on scratch; name a base image with it");
    }
  }

  private static void supported(Platform platform, Located<String> where, Problems problems) {
    Set<String> variants = ARCHITECTURES.get(platform.architecture());
    if (!platform.os().equals("linux")) {
      problems.add(Message.PLATFORM, where, "images are built for linux, not for " + platform.os());
    } else if (variants == null) {
      problems.add(
          Message.PLATFORM,
          where,
          "there is no architecture "
              + platform.architecture()
              + "; images are made for amd64, arm64, arm, 386, loong64, mips64le, ppc64le, riscv64 and"
              + " s390x");
    } else if (!variants.contains(platform.variant())) {
      problems.add(
          Message.PLATFORM,
          where,
          platform.architecture() + " has no variant " + platform.variant());
    }
  }
}
