package dev.imagespec.processor.read;

import dev.imagespec.model.Manifest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.TypeElement;
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.Elements;

/** Reads the specs of task classes: {@code @ImageSpec} and all that stands in for it. */
public final class SpecReader {
  private final Elements elements;

  public SpecReader(Elements elements) {
    this.elements = elements;
  }

  /** Whether a class is a task class: it carries the annotation, or one that carries it. */
  public boolean isTask(Element element) {
    return element instanceof TypeElement
        && element.getKind() != ElementKind.ANNOTATION_TYPE
        && carriesSpec(element);
  }

  /** Whether a class, a package or an annotation type itself carries a spec or a part of one. */
  public boolean carriesSpec(Element element) {
    return (element instanceof TypeElement || element instanceof PackageElement)
        && !Layers.ofType(element, elements).isEmpty();
  }

  /** Whether an annotation type is the annotation, or carries it directly or through others. */
  public boolean leadsToSpec(TypeElement annotation) {
    return annotation.getQualifiedName().contentEquals(Manifest.ANNOTATION)
        || !Layers.ofType(annotation, elements).isEmpty();
  }

  /**
   * Reads the spec of a class, or the part of one that stands on an annotation type or a package.
   *
   * @throws UnresolvedException if a value cannot be known yet
   */
  public RawSpec read(Element element) {
    Layers layers = Layers.of(element, elements);
    if (layers.isEmpty()) {
      throw new UnresolvedException();
    }
    AnnotationReader nearest = layers.nearest();
    int image = layers.distance("baseImage");
    int spec = layers.distance("baseSpec");
    return new RawSpec(
        element,
        element instanceof TypeElement type ? elements.getBinaryName(type).toString() : "",
        carriers(element),
        nearest.whole(element.getSimpleName().toString()),
        text(layers, "registry"),
        text(layers, "name"),
        // They are one choice: the nearer of the two replaces the other.
        spec < image ? nearest.unset("baseImage", "") : text(layers, "baseImage"),
        image < spec
            ? Optional.empty()
            : Optional.of(layers.one("baseSpec", reader -> reader.type("baseSpec")))
                .filter(type -> type.value().getKind() != TypeKind.VOID),
        layers.all("platforms"),
        layers.all("aptPackages"),
        layers.all("packages"),
        text(layers, "requirements"),
        text(layers, "pipIndex"),
        layers.all("pipExtraIndexUrls"),
        layers.all("commands"),
        layers.all("secrets"),
        layers.one("classpath", reader -> reader.flag("classpath")),
        layers.one("mainClass", reader -> reader.type("mainClass")),
        layers.all("jvmFlags"),
        layers.list("entrypoint"),
        layers.list("args"),
        layers.all("ports"),
        layers.all("volumes"),
        text(layers, "workingDirectory"),
        text(layers, "user"),
        layers.nested("copy", Optional.empty()).stream()
            .map(copy -> new RawSpec.Copy(copy.text("from"), copy.text("to"), copy.text("mode")))
            .toList(),
        pairs(layers.nested("env", Optional.of("name"))),
        pairs(layers.nested("labels", Optional.of("name"))),
        repository(layers),
        layers.ambiguities());
  }

  /**
   * The task class that a class takes as its base, for the compiler's sight of a whole chain.
   *
   * @throws UnresolvedException if a value cannot be known yet
   */
  public Optional<TypeElement> baseOf(TypeElement task) {
    Layers layers = Layers.of(task, elements);
    if (layers.isEmpty() || layers.distance("baseImage") < layers.distance("baseSpec")) {
      return Optional.empty();
    }
    TypeMirror base = layers.one("baseSpec", reader -> reader.type("baseSpec")).value();
    return base instanceof DeclaredType declared
        ? Optional.of((TypeElement) declared.asElement())
        : Optional.empty();
  }

  private List<RawSpec.Carrier> carriers(Element element) {
    List<RawSpec.Carrier> carriers = new ArrayList<>();
    for (AnnotationMirror mirror : element.getAnnotationMirrors()) {
      TypeElement type = (TypeElement) mirror.getAnnotationType().asElement();
      if (leadsToSpec(type)) {
        String name = elements.getBinaryName(type).toString();
        String path = "@" + type.getSimpleName();
        carriers.add(
            new RawSpec.Carrier(
                new Located<>(name, path, element, mirror, null), isInClassFiles(type)));
      }
    }
    return carriers;
  }

  private static boolean isInClassFiles(TypeElement annotation) {
    return annotation.getAnnotationMirrors().stream()
        .filter(mirror -> Layers.named(mirror).equals("java.lang.annotation.Retention"))
        .flatMap(mirror -> mirror.getElementValues().values().stream())
        .noneMatch(
            policy ->
                policy.getValue() instanceof VariableElement constant
                    && constant.getSimpleName().contentEquals("SOURCE"));
  }

  private static Located<String> text(Layers layers, String name) {
    return layers.one(name, reader -> reader.text(name));
  }

  /**
   * javac (17 to 25) cannot yet give the defaults of an annotation that is itself but a default, so
   * they stand here, too.
   */
  private static RawSpec.Repository repository(Layers layers) {
    Layers repositories = layers.inside("repository");
    if (repositories.isEmpty()) {
      AnnotationReader spec = layers.nearest();
      return new RawSpec.Repository(
          spec.unset("repository.mutableTags", false),
          spec.unset("repository.scanOnPush", false),
          spec.unset("repository.kmsKey", ""),
          List.of(),
          spec.unset("repository.expireAfterDays", 0));
    }
    return new RawSpec.Repository(
        repositories.one("mutableTags", reader -> reader.flag("mutableTags")),
        repositories.one("scanOnPush", reader -> reader.flag("scanOnPush")),
        text(repositories, "kmsKey"),
        repositories.all("pullPrincipals"),
        repositories.one("expireAfterDays", reader -> reader.number("expireAfterDays")));
  }

  private static List<RawSpec.Pair> pairs(List<AnnotationReader> readers) {
    return readers.stream()
        .map(reader -> new RawSpec.Pair(reader.text("name"), reader.text("value")))
        .toList();
  }
}
