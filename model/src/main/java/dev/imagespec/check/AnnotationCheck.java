package dev.imagespec.check;

import dev.imagespec.model.Spelling;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Checks the annotations of the manifest (OCI image specification, "Annotations"). */
final class AnnotationCheck {
  private static final String OWN = "dev.imagespec.";

  /** Keys that start so are OCI's to define. */
  private static final String OCI = "org.opencontainers.";

  /** The keys that OCI defines for an image: "Pre-Defined Annotation Keys". */
  private static final List<String> DEFINED =
      Stream.of(
              "authors",
              "base.digest",
              "base.name",
              "created",
              "description",
              "documentation",
              "licenses",
              "revision",
              "source",
              "title",
              "url",
              "vendor",
              "version")
          .map(name -> OCI + "image." + name)
          .toList();

  private AnnotationCheck() {}

  static void check(Spec spec, Problems problems) {
    Map<String, String> seen = new HashMap<>();
    for (Spec.Pair annotation : spec.annotations()) {
      Located<String> key = annotation.name();
      String text = key.value();
      if (text.isBlank() || text.chars().anyMatch(c -> c == '=' || Character.isWhitespace(c))) {
        problems.add(Message.ANNOTATION_KEY, key);
      } else if (text.startsWith(OWN)) {
        problems.add(Message.ANNOTATION_OWN, key);
      } else if (text.startsWith(OCI) && !DEFINED.contains(text)) {
        undefined(key, problems);
      }
      String first = seen.putIfAbsent(text, key.path());
      if (first != null) {
        problems.add(Message.ANNOTATION_TWICE, key, first);
      }
    }
  }

  private static void undefined(Located<String> key, Problems problems) {
    Optional<String> meant = Spelling.meant(key.value(), DEFINED.stream());
    if (meant.isPresent()) {
      problems.add(Message.ANNOTATION_MEANT, key, meant.get());
    } else {
      problems.add(Message.ANNOTATION_OCI, key);
    }
  }
}
