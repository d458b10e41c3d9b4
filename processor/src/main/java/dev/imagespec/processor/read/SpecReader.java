package dev.imagespec.processor.read;

import java.util.List;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.Elements;

/** Reads {@code @ImageSpec} annotations. */
public final class SpecReader {
  /** The annotation's name; its class is not needed here. */
  public static final String ANNOTATION = "dev.imagespec.ImageSpec";

  private final Elements elements;

  public SpecReader(Elements elements) {
    this.elements = elements;
  }

  /**
   * Reads the annotation of a class.
   *
   * @throws UnresolvedException if a value cannot be known yet
   */
  public RawSpec read(TypeElement task) {
    AnnotationMirror mirror =
        task.getAnnotationMirrors().stream()
            .filter(
                candidate ->
                    ((TypeElement) candidate.getAnnotationType().asElement())
                        .getQualifiedName()
                        .contentEquals(ANNOTATION))
            .findFirst()
            .orElseThrow(UnresolvedException::new);
    AnnotationReader spec = new AnnotationReader(task, mirror, "", elements);
    return new RawSpec(
        task,
        elements.getBinaryName(task).toString(),
        new Located<>(task.getSimpleName().toString(), "@ImageSpec", task, mirror, null),
        spec.text("registry"),
        spec.text("name"),
        spec.text("baseImage"),
        spec.texts("platforms"),
        spec.texts("aptPackages"),
        spec.texts("packages"),
        spec.text("requirements"),
        spec.text("pipIndex"),
        spec.texts("pipExtraIndexUrls"),
        spec.texts("commands"),
        spec.texts("secrets"),
        spec.flag("classpath"),
        spec.type("mainClass"),
        spec.texts("jvmFlags"),
        spec.texts("entrypoint"),
        spec.texts("args"),
        spec.texts("ports"),
        spec.texts("volumes"),
        spec.text("workingDirectory"),
        spec.text("user"),
        spec.nested("copy").stream()
            .map(copy -> new RawSpec.Copy(copy.text("from"), copy.text("to"), copy.text("mode")))
            .toList(),
        pairs(spec.nested("env")),
        pairs(spec.nested("labels")),
        repository(spec));
  }

  /**
   * javac (17 to 25) cannot yet give the defaults of an annotation that is itself but a default.
   */
  private static RawSpec.Repository repository(AnnotationReader spec) {
    if (!spec.isWritten("repository")) {
      return new RawSpec.Repository(
          spec.unset("repository.mutableTags", false),
          spec.unset("repository.scanOnPush", false),
          spec.unset("repository.kmsKey", ""),
          List.of(),
          spec.unset("repository.expireAfterDays", 0));
    }
    AnnotationReader repository = spec.nested("repository").get(0);
    return new RawSpec.Repository(
        repository.flag("mutableTags"),
        repository.flag("scanOnPush"),
        repository.text("kmsKey"),
        repository.texts("pullPrincipals"),
        repository.number("expireAfterDays"));
  }

  private static List<RawSpec.Pair> pairs(List<AnnotationReader> readers) {
    return readers.stream()
        .map(reader -> new RawSpec.Pair(reader.text("name"), reader.text("value")))
        .toList();
  }
}
