package dev.imagespec.processor.read;

import dev.imagespec.check.ClassName;
import dev.imagespec.check.Located;
import dev.imagespec.check.MainMethod;
import dev.imagespec.check.Spec;
import dev.imagespec.model.BaseChain;
import dev.imagespec.model.FlyteTask;
import dev.imagespec.model.Manifest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import javax.lang.model.SourceVersion;
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
import javax.lang.model.util.Types;

/** Reads the specs of task classes from {@code @ImageSpec} and composed annotations. */
public final class SpecReader {
  /** The distance of what no annotation sets. */
  private static final int FAR = Integer.MAX_VALUE;

  private final Elements elements;
  private final Types types;
  private final MainMethods mains;
  private final SourceFiles sources;

  /** Whether annotations lead to a spec, by name, in one round. */
  private final Map<String, Boolean> leading = new HashMap<>();

  /** Whether annotations lead to a task of Flyte, by name, in one round. */
  private final Map<String, Boolean> leadingToFlyte = new HashMap<>();

  /** Whether annotations have one that does not exist yet, by name, in one round. */
  private final Map<String, Boolean> undecided = new HashMap<>();

  /**
   * A reader.
   *
   * @param release the release that the compilation is for
   * @param sources the source files of this compilation
   */
  public SpecReader(Elements elements, Types types, SourceVersion release, SourceFiles sources) {
    this.elements = elements;
    this.types = types;
    this.mains = new MainMethods(elements, release);
    this.sources = sources;
  }

  /** Forgets what was true in the last round: other processors may have made annotations since. */
  public void startRound() {
    leading.clear();
    leadingToFlyte.clear();
    undecided.clear();
  }

  /** Whether a class is a task class: it has {@code @ImageSpec} or a composed annotation. */
  public boolean isTask(Element element) {
    return element instanceof TypeElement
        && element.getKind() != ElementKind.ANNOTATION_TYPE
        && carriesSpec(element);
  }

  /** Whether a class, a package or an annotation type has a spec or a part of one on itself. */
  public boolean carriesSpec(Element element) {
    return (element instanceof TypeElement || element instanceof PackageElement)
        && element.getAnnotationMirrors().stream()
            .map(mirror -> (TypeElement) mirror.getAnnotationType().asElement())
            .anyMatch(this::leadsToSpec);
  }

  /** Whether a class or an annotation type has {@code @FlyteTask}, directly or through others. */
  public boolean isFlyteTask(Element element) {
    return element instanceof TypeElement
        && element.getAnnotationMirrors().stream()
            .map(mirror -> (TypeElement) mirror.getAnnotationType().asElement())
            .anyMatch(type -> leadsTo(FlyteTask.ANNOTATION, type, leadingToFlyte));
  }

  /** The {@code @FlyteTask} of a class that may have no spec. */
  public Spec.Flyte flyte(Element element) {
    return FlyteReader.read(Layers.ofType(element, FlyteTask.ANNOTATION, elements), element);
  }

  /**
   * Whether an element has an annotation that does not exist yet, directly or through others, so
   * that it may turn out to have a spec or a part of one.
   */
  public boolean isUndecided(Element element) {
    return hasUndecided(element)
        || (element instanceof TypeElement
            && carriesSpec(element)
            && hasUndecided(elements.getPackageOf(element)));
  }

  private boolean hasUndecided(Element element) {
    return sources.haveMoreAnnotations(element)
        || element.getAnnotationMirrors().stream()
            .map(AnnotationMirror::getAnnotationType)
            .anyMatch(
                // A class file may name annotations that nobody needs.
                type ->
                    type.getKind() == TypeKind.ERROR ? sources.have(element) : isUndecided(type));
  }

  private boolean isUndecided(DeclaredType annotation) {
    TypeElement type = (TypeElement) annotation.asElement();
    String name = type.getQualifiedName().toString();
    Boolean known = undecided.get(name);
    if (known == null) {
      // An annotation may carry itself.
      undecided.put(name, false);
      known = !name.startsWith("java.") && sources.have(type) && hasUndecided(type);
      undecided.put(name, known);
    }
    return known;
  }

  /** Whether an annotation type is {@code @ImageSpec}, or carries it directly or through others. */
  public boolean leadsToSpec(TypeElement annotation) {
    return leadsTo(Manifest.ANNOTATION, annotation, leading);
  }

  private boolean leadsTo(String wanted, TypeElement annotation, Map<String, Boolean> memory) {
    String name = annotation.getQualifiedName().toString();
    if (name.equals(wanted)) {
      return true;
    }
    if (name.startsWith("java.")) {
      return false;
    }
    Boolean known = memory.get(name);
    if (known == null) {
      known = !Layers.ofType(annotation, wanted, elements).isEmpty();
      memory.put(name, known);
    }
    return known;
  }

  /**
   * Reads the spec of a class, or the part of a spec on an annotation type or a package.
   *
   * @throws UnresolvedException if a value cannot be known yet
   */
  public Reading read(Element element) {
    Layers layers = Layers.of(element, elements);
    if (layers.isEmpty()) {
      throw new UnresolvedException();
    }
    Spec spec = spec(element, layers);
    Optional<TypeElement> base = typeOf(baseSpec(layers).value());
    return new Reading(
        element,
        spec,
        mainMethod(spec, layers),
        base.filter(this::isTask).isPresent(),
        base.isPresent() && element instanceof TypeElement task ? baseCycle(task) : List.of());
  }

  private Spec spec(Element element, Layers layers) {
    AnnotationReader nearest = layers.nearest();
    // Before the ambiguities, to which it may add.
    Spec.Application application = application(layers);
    Spec.Pip pip = pip(layers);
    Layers flyteLayers = Layers.ofType(element, FlyteTask.ANNOTATION, elements);
    Spec.Flyte flyte = FlyteReader.read(flyteLayers, element);
    return new Spec(
        element instanceof TypeElement type ? elements.getBinaryName(type).toString() : "",
        element.getKind() == ElementKind.PACKAGE
            || element.getKind() == ElementKind.ANNOTATION_TYPE,
        carriers(element),
        nearest.whole(element.getSimpleName().toString()),
        text(layers, "registry"),
        text(layers, "name"),
        base(layers, "baseImage"),
        baseSpec(layers).map(this::nameOf),
        dockerfile(layers),
        layers.all("platforms"),
        layers.all("aptPackages"),
        layers.all("packages"),
        text(layers, "requirements"),
        text(layers, "pipIndex"),
        layers.all("pipExtraIndexUrls"),
        layers.all("commands"),
        layers.all("secrets"),
        layers.one("classpath", reader -> reader.flag("classpath")),
        mainClass(layers).map(this::nameOf),
        mainClassName(layers).map(this::namedClass),
        layers.all("jvmFlags"),
        layers.list("entrypoint"),
        layers.list("args"),
        layers.all("ports"),
        layers.all("volumes"),
        text(layers, "workingDirectory"),
        text(layers, "user"),
        text(layers, "stopSignal"),
        layers.nested("copy", Optional.empty()).stream().map(SpecReader::copy).toList(),
        Variables.merged(layers.eachNested("env")),
        pairs(layers.nested("labels", Optional.of("name"))),
        pairs(layers.nested("annotations", Optional.of("name"))),
        repository(layers),
        Stream.concat(layers.ambiguities().stream(), flyteLayers.ambiguities().stream()).toList(),
        layers.all("replace"),
        application,
        pip,
        flyte);
  }

  /** The nearest one as a whole: where it goes belongs to what it is. */
  private static Spec.Application application(Layers layers) {
    return layers
        .one("application")
        .map(one -> new Spec.Application(one.text("from"), one.text("to")))
        .orElseGet(
            () ->
                new Spec.Application(
                    layers.nearest().unset("application.from", ""),
                    layers.nearest().unset("application.to", "")));
  }

  private static Spec.Pip pip(Layers layers) {
    return new Spec.Pip(
        layers.one("pipPre", reader -> reader.flag("pipPre")),
        layers.one("pipNoBuildIsolation", reader -> reader.flag("pipNoBuildIsolation")),
        layers.all("pipFindLinks"),
        layers.nested("pipIndexes", Optional.empty()).stream()
            .map(index -> new Spec.PipIndex(index.text("url"), index.texts("packages")))
            .toList(),
        layers.all("pipArgs"));
  }

  /** The value of {@code mainClass}; unset if {@code mainClassName} is nearer. */
  private Located<TypeMirror> mainClass(Layers layers) {
    return layers.distance("mainClassName") < layers.distance("mainClass")
        ? layers.nearest().unset("mainClass", types.getNoType(TypeKind.VOID))
        : type(layers, "mainClass");
  }

  /** The value of {@code mainClassName}; unset if {@code mainClass} is nearer. */
  private static Located<String> mainClassName(Layers layers) {
    return layers.distance("mainClass") < layers.distance("mainClassName")
        ? layers.nearest().unset("mainClassName", "")
        : text(layers, "mainClassName");
  }

  /** A class by its name, which may be that of a source: {@code Outer.Main}. */
  private ClassName namedClass(String name) {
    return visible(name)
        .map(type -> new ClassName(elements.getBinaryName(type).toString(), name))
        .orElseGet(() -> ClassName.ofBinary(name));
  }

  private Optional<TypeElement> visible(String name) {
    return Stream.of(name, name.replace('$', '.'))
        .filter(SourceVersion::isName)
        .map(elements::getTypeElement)
        .filter(Objects::nonNull)
        .findFirst();
  }

  /** A class that is known only by name may be one that no compiler sees. */
  private MainMethod mainMethod(Spec spec, Layers layers) {
    Optional<TypeElement> main = typeOf(mainClass(layers).value());
    if (spec.mainClass().value().isEmpty()) {
      main = visible(spec.mainClassName().value().source());
      return main.map(mains::of).orElse(MainMethod.RUNS);
    }
    return main.map(mains::of).orElse(MainMethod.NONE);
  }

  /**
   * How near the nearest base is: {@code baseImage}, {@code baseSpec} and {@code dockerfile} are
   * one choice, and the nearest one replaces the others.
   */
  private static int baseDistance(Layers layers) {
    return Math.min(
        layers.distance("dockerfile"),
        Math.min(layers.distance("baseImage"), layers.distance("baseSpec")));
  }

  /** A text of the base; unset if another base is nearer. */
  private static Located<String> base(Layers layers, String name) {
    return layers.distance(name) > baseDistance(layers)
        ? layers.nearest().unset(name, "")
        : text(layers, name);
  }

  /** The Dockerfile; unset, with its context, if another base is nearer. */
  private static Spec.OwnDockerfile dockerfile(Layers layers) {
    Located<String> path = base(layers, "dockerfile");
    boolean isReplaced = path.value().isEmpty() && layers.distance("dockerfile") < FAR;
    return new Spec.OwnDockerfile(
        path,
        isReplaced
            ? layers.nearest().unset("dockerfileContext", "")
            : text(layers, "dockerfileContext"));
  }

  /** The value of {@code baseSpec}; unset if another base is nearer. */
  private Located<TypeMirror> baseSpec(Layers layers) {
    return layers.distance("baseSpec") > baseDistance(layers)
        ? layers.nearest().unset("baseSpec", types.getNoType(TypeKind.VOID))
        : type(layers, "baseSpec");
  }

  /** The chain of bases from a class back to itself, or empty if it is not circular. */
  private List<String> baseCycle(TypeElement task) {
    BaseChain<TypeElement> chain =
        BaseChain.of(
            task,
            at -> {
              Layers layers = Layers.of(at, elements);
              return layers.isEmpty() ? Optional.empty() : typeOf(baseSpec(layers).value());
            });
    return chain.isCircleOfFirst()
        ? chain.tasks().stream().map(at -> at.getQualifiedName().toString()).toList()
        : List.of();
  }

  private static Optional<TypeElement> typeOf(TypeMirror type) {
    return type instanceof DeclaredType declared
        ? Optional.of((TypeElement) declared.asElement())
        : Optional.empty();
  }

  private ClassName nameOf(TypeMirror type) {
    if (type.getKind() == TypeKind.VOID) {
      return ClassName.NONE;
    }
    return typeOf(type)
        .map(element -> new ClassName(elements.getBinaryName(element).toString(), type.toString()))
        .orElseGet(() -> ClassName.ofBinary(type.toString()));
  }

  private List<Spec.Carrier> carriers(Element element) {
    List<Spec.Carrier> carriers = new ArrayList<>();
    for (AnnotationMirror mirror : element.getAnnotationMirrors()) {
      TypeElement type = (TypeElement) mirror.getAnnotationType().asElement();
      if (leadsToSpec(type)) {
        String name = elements.getBinaryName(type).toString();
        String path = "@" + type.getSimpleName();
        carriers.add(
            new Spec.Carrier(
                new Located<>(name, new SourcePlace(path, element, mirror, null)),
                isInClassFiles(type)));
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

  private static Located<TypeMirror> type(Layers layers, String name) {
    return layers.one(name, reader -> reader.type(name));
  }

  private static Located<String> text(Layers layers, String name) {
    return layers.one(name, reader -> reader.text(name));
  }

  /**
   * Repeats the defaults of {@code @Repository}: javac (17 to 25) does not give the defaults of an
   * annotation that is itself a default value.
   */
  private static Spec.Repository repository(Layers layers) {
    Layers repositories = layers.inside("repository");
    if (repositories.isEmpty()) {
      AnnotationReader spec = layers.nearest();
      return new Spec.Repository(
          spec.unset("repository.mutableTags", false),
          spec.unset("repository.scanOnPush", false),
          spec.unset("repository.kmsKey", ""),
          List.of(),
          spec.unset("repository.expireAfterDays", 0));
    }
    return new Spec.Repository(
        repositories.one("mutableTags", reader -> reader.flag("mutableTags")),
        repositories.one("scanOnPush", reader -> reader.flag("scanOnPush")),
        text(repositories, "kmsKey"),
        repositories.all("pullPrincipals"),
        repositories.one("expireAfterDays", reader -> reader.number("expireAfterDays")));
  }

  private static Spec.Copy copy(AnnotationReader copy) {
    return new Spec.Copy(
        copy.text("from"),
        copy.text("to"),
        copy.text("mode"),
        copy.constant("in").value().equals("STEPS"),
        copy.texts("include"),
        copy.texts("exclude"),
        copy.nested("modes").stream()
            .map(mode -> new Spec.Mode(mode.text("pattern"), mode.text("mode")))
            .toList(),
        copy.text("ignoreFile"),
        copy.text("owner"));
  }

  private static List<Spec.Pair> pairs(List<AnnotationReader> readers) {
    return readers.stream()
        .map(reader -> new Spec.Pair(reader.text("name"), reader.text("value")))
        .toList();
  }
}
