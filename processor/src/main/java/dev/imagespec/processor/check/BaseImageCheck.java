package dev.imagespec.processor.check;

import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.Platform;
import dev.imagespec.processor.read.Located;
import dev.imagespec.processor.read.RawSpec;
import java.util.HashMap;
import java.util.Map;

/** What an image starts from: {@code baseImage}, {@code platforms}. */
final class BaseImageCheck {
  private BaseImageCheck() {}

  static void check(RawSpec spec, Problems problems) {
    String base = spec.baseImage().value();
    if (base.isEmpty()) {
      problems.add(
          Message.BASE_IMAGE,
          spec.baseImage(),
          "an image starts from something; name a base image, or \"scratch\" for none");
    } else if (!base.equals(Manifest.SCRATCH)) {
      try {
        ImageReference reference = ImageReference.parse(base);
        boolean floats = !reference.isPinned() && reference.tag().orElse("").equals("latest");
        if (floats) {
          problems.add(Message.UNPINNED, spec.baseImage());
        }
      } catch (IllegalArgumentException e) {
        problems.add(Message.BASE_IMAGE, spec.baseImage(), String.valueOf(e.getMessage()));
      }
    }
    Map<Platform, String> seen = new HashMap<>();
    for (Located<String> platform : spec.platforms()) {
      try {
        String first = seen.putIfAbsent(Platform.parse(platform.value()), platform.path());
        if (first != null) {
          problems.add(Message.PLATFORM, platform, "the platform stands twice, first in " + first);
        }
      } catch (IllegalArgumentException e) {
        problems.add(Message.PLATFORM, platform, String.valueOf(e.getMessage()));
      }
    }
    if (spec.platforms().isEmpty()) {
      problems.add(Message.PLATFORM, spec.self(), "an image is for at least one platform");
    }
  }
}
