package dev.imagespec.check;

import dev.imagespec.model.ImagePath;
import dev.imagespec.model.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Checks {@code application}. Whether its file exists and what it is, only a registration can find
 * out: the build makes it from what is being compiled.
 */
final class ApplicationCheck {
  private ApplicationCheck() {}

  static void check(Spec spec, Problems problems) {
    if (!spec.application().isSet()) {
      return;
    }
    from(spec.application().from(), problems);
    Located<String> to = spec.application().to();
    if (!to.value().isEmpty()) {
      ConfigCheck.path(to, problems);
      if (isRoot(to.value())) {
        problems.add(Message.APPLICATION_ROOT, to);
      }
    }
    if (spec.hasMainClass()) {
      problems.add(Message.APPLICATION_CLASS_PATH, spec.main());
    } else if (spec.classpath().value()) {
      problems.add(Message.APPLICATION_CLASS_PATH, spec.classpath());
    }
    flags(spec, problems);
  }

  private static void from(Located<String> from, Problems problems) {
    Optional<String> part =
        Expansion.inPath(from.value()).or(() -> Expansion.pattern(from.value()));
    if (part.isPresent()) {
      problems.add(Message.APPLICATION_NOT_EXPANDED, from, part.get());
    } else if (!CopyCheck.isInside(from)) {
      problems.add(Message.APPLICATION_FROM, from);
    }
  }

  private static boolean isRoot(String path) {
    try {
      return ImagePath.normal(path).equals("/");
    } catch (IllegalArgumentException e) {
      // It leads above the root, which the check of paths says.
      return false;
    }
  }

  /** Flags that no java would get. */
  private static void flags(Spec spec, Problems problems) {
    if (spec.jvmFlags().isEmpty()) {
      return;
    }
    Located<String> first = spec.jvmFlags().get(0);
    Manifest.Application application = spec.application().value();
    if (!spec.entrypoint().isEmpty()) {
      List<String> java = new ArrayList<>(List.of("java"));
      spec.jvmFlags().forEach(flag -> java.add(flag.value()));
      java.add("@" + application.argumentFile());
      problems.add(Message.APPLICATION_ENTRYPOINT_FLAGS, first, Words.elements(java));
    } else if (!application.runs()) {
      problems.add(Message.APPLICATION_SERVER_FLAGS, first);
    }
  }
}
