package dev.imagespec.check;

import dev.imagespec.model.Spelling;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Checks the names of arrays that replace those farther away ({@code replace}). */
final class ReplaceCheck {
  /** The arrays that add up. */
  private static final List<String> ARRAYS =
      List.of(
          "platforms",
          "aptPackages",
          "packages",
          "pipExtraIndexUrls",
          "commands",
          "secrets",
          "jvmFlags",
          "ports",
          "volumes",
          "copy",
          "env",
          "labels",
          "annotations",
          "repository.pullPrincipals");

  /** Attributes of which only the nearest counts. */
  private static final Set<String> ALWAYS =
      Set.of(
          "registry",
          "name",
          "baseImage",
          "baseSpec",
          "requirements",
          "pipIndex",
          "classpath",
          "mainClass",
          "mainClassName",
          "entrypoint",
          "args",
          "workingDirectory",
          "user",
          "stopSignal",
          "repository");

  private ReplaceCheck() {}

  static void check(Spec spec, Problems problems) {
    for (Located<String> name : spec.replace()) {
      String text = name.value();
      if (ALWAYS.contains(text)) {
        problems.add(Message.REPLACE_ALWAYS, name, text);
      } else if (!ARRAYS.contains(text)) {
        Optional<String> meant = Spelling.meant(text, ARRAYS.stream());
        if (meant.isPresent()) {
          problems.add(Message.REPLACE_MEANT, name, meant.get());
        } else {
          problems.add(Message.REPLACE, name, String.join(", ", ARRAYS));
        }
      }
    }
  }
}
