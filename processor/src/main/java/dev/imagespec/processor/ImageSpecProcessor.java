package dev.imagespec.processor;

import com.google.auto.service.AutoService;
import com.sun.source.util.Trees;
import dev.imagespec.check.Message;
import dev.imagespec.check.Problem;
import dev.imagespec.check.Spec;
import dev.imagespec.check.SpecChecks;
import dev.imagespec.check.SpecManifest;
import dev.imagespec.dockerfile.Dockerfile;
import dev.imagespec.model.IoReason;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.ProjectDirectory;
import dev.imagespec.processor.read.Reading;
import dev.imagespec.processor.read.SourceFiles;
import dev.imagespec.processor.read.SpecReader;
import dev.imagespec.processor.read.UnresolvedException;
import dev.imagespec.processor.render.TaskImageRenderer;
import dev.imagespec.processor.write.OutputWriter;
import java.io.IOException;
import java.lang.reflect.Field;
import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.FilerException;
import javax.annotation.processing.ProcessingEnvironment;
import javax.annotation.processing.Processor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ModuleElement;
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.QualifiedNameable;
import javax.lang.model.element.TypeElement;
import javax.lang.model.util.ElementFilter;
import javax.lang.model.util.Elements;
import org.jspecify.annotations.Nullable;

/**
 * Generates a manifest, a Dockerfile and a class for each task class: read, check, render, write.
 * The outputs depend only on the class, on the specs of its package and its annotations, and on the
 * processor's options.
 */
@AutoService(Processor.class)
public final class ImageSpecProcessor extends AbstractProcessor {
  /**
   * What to read again in the next round. By name, because elements are not valid after their
   * round.
   */
  private final Set<Named> deferred = new LinkedHashSet<>();

  /** The types and packages of earlier rounds, without member classes. */
  private final Set<Named> scanned = new LinkedHashSet<>();

  /** What was processed. */
  private final Set<String> done = new HashSet<>();

  /** A type or a package, and the module that it is in; the module's name may be empty. */
  private record Named(String module, String name, boolean isPackage) {}

  private boolean isOldSaid;

  /** The types and packages whose source files are being compiled. */
  private final Set<String> sources = new HashSet<>();

  /** The task class of each generated class. */
  private final Map<String, String> generated = new HashMap<>();

  /** Whether a module can name the annotation of generated classes. */
  private final Map<String, Boolean> canMark = new HashMap<>();

  /** The first task class of each name, ignoring case. */
  private final Map<String, String> names = new HashMap<>();

  /** The project directory; null if files are not checked. */
  private @Nullable ProjectDirectory projectDir;

  @SuppressWarnings("NullAway.Init") // set by init, which the compiler calls first
  private Reporter reporter;

  @SuppressWarnings("NullAway.Init") // set by init, which the compiler calls first
  private SpecReader reader;

  @SuppressWarnings("NullAway.Init") // set by init, which the compiler calls first
  private SourceTrees trees;

  /** All annotations, because a class may use a composed annotation of any name. */
  @Override
  public Set<String> getSupportedAnnotationTypes() {
    return Set.of("*");
  }

  @Override
  public Set<String> getSupportedOptions() {
    return ProcessorOption.keys();
  }

  @Override
  public SourceVersion getSupportedSourceVersion() {
    return SourceVersion.latestSupported();
  }

  @Override
  public synchronized void init(ProcessingEnvironment environment) {
    super.init(environment);
    Map<String, String> options = environment.getOptions();
    boolean strict = ProcessorOption.STRICT.isSet(options);
    trees = trees(environment);
    reader =
        new SpecReader(
            environment.getElementUtils(),
            environment.getTypeUtils(),
            environment.getSourceVersion(),
            new SourceFiles() {
              @Override
              public boolean have(Element element) {
                return isInSource(element);
              }

              @Override
              public boolean haveMoreAnnotations(Element element) {
                return trees.haveMoreAnnotations(element);
              }
            });
    reporter = new Reporter(environment.getMessager(), strict, this::isInSource);

    String folder = ProcessorOption.PROJECT_DIR.in(options);
    if (!folder.isEmpty()) {
      projectDir = folder(folder).orElse(null);
      if (projectDir == null) {
        reporter.failed(Message.OPTION_FOLDER, ProcessorOption.PROJECT_DIR.key(), folder);
      }
    }
  }

  private static SourceTrees trees(ProcessingEnvironment environment) {
    try {
      return new SourceTrees.JavacTrees(
          Trees.instance(unwrapped(environment)), environment.getElementUtils());
    } catch (IllegalArgumentException | LinkageError e) {
      // Another compiler is at work, or something is between javac and this.
      return new SourceTrees.NoTrees();
    }
  }

  /** What a build tool wraps around javac keeps it in a field. */
  private static ProcessingEnvironment unwrapped(ProcessingEnvironment environment) {
    for (Field field : environment.getClass().getDeclaredFields()) {
      if (ProcessingEnvironment.class.isAssignableFrom(field.getType())
          && !Modifier.isStatic(field.getModifiers())) {
        try {
          field.setAccessible(true);
          return unwrapped((ProcessingEnvironment) field.get(environment));
        } catch (ReflectiveOperationException | InaccessibleObjectException e) {
          // Then the trees stay unknown.
          return environment;
        }
      }
    }
    return environment;
  }

  private static Optional<ProjectDirectory> folder(String text) {
    try {
      return Optional.of(Path.of(text)).filter(Files::isDirectory).map(ProjectDirectory::at);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  @Override
  public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
    try {
      processRound(round);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      // No element to report it on: looking for the elements failed.
      reporter.failed(Message.INTERNAL, describe(e));
    }
    return false;
  }

  private void processRound(RoundEnvironment round) {
    for (Element root : round.getRootElements()) {
      sources.add(key(root));
    }
    reader.startRound();
    if (!round.processingOver()) {
      trees.checkLocalClasses(round.getRootElements(), reader);
    }
    // Parts of specs first, so that their problems are reported on them and not on the classes.
    List<Element> parts = new ArrayList<>();
    List<Element> tasks = new ArrayList<>();
    for (Element element : annotated(round)) {
      (element.getKind().isClass() || element.getKind() == ElementKind.INTERFACE ? tasks : parts)
          .add(element);
    }
    parts.forEach(this::guarded);
    tasks.forEach(this::guarded);
  }

  /** The elements with the annotation or a composed one, and those deferred from the last round. */
  private Collection<Element> annotated(RoundEnvironment round) {
    Map<String, Element> found = new TreeMap<>();
    boolean hasAnnotation =
        round.getRootElements().stream()
            .anyMatch(root -> root.getKind() == ElementKind.ANNOTATION_TYPE);
    if (hasAnnotation) {
      // Classes of earlier rounds may have it. Not every compiler told that they lacked one.
      scanned.stream()
          .map(this::again)
          .filter(Objects::nonNull)
          .forEach(root -> collect(root, found));
      found.keySet().removeAll(done);
    }
    for (Element root : round.getRootElements()) {
      collect(root, found);
      if (root instanceof QualifiedNameable named && !(root instanceof ModuleElement)) {
        scanned.add(nameOf(named));
      }
    }
    for (Named one : deferred) {
      Element again = again(one);
      if (again != null) {
        found.put(key(again), again);
      }
    }
    deferred.clear();
    return found.values();
  }

  /**
   * Collects an element and its member classes. Does not ask the round for the annotated elements:
   * an annotation that another processor makes is in no round with the classes that use it.
   * Subclasses do not inherit the annotation, because their class files do not have it.
   */
  private void collect(Element element, Map<String, Element> found) {
    if (reader.isUndecided(element) || reader.carriesSpec(element) || reader.isFlyteTask(element)) {
      found.put(key(element), element);
    }
    if (element instanceof TypeElement) {
      ElementFilter.typesIn(element.getEnclosedElements()).forEach(type -> collect(type, found));
    }
  }

  private @Nullable Element again(Named one) {
    Elements elements = processingEnv.getElementUtils();
    ModuleElement module = one.module.isEmpty() ? null : elements.getModuleElement(one.module);
    if (one.isPackage) {
      return module == null
          ? elements.getPackageElement(one.name)
          : elements.getPackageElement(module, one.name);
    }
    return module == null
        ? elements.getTypeElement(one.name)
        : elements.getTypeElement(module, one.name);
  }

  private void defer(Element element) {
    deferred.add(nameOf((QualifiedNameable) element));
    done.remove(key(element));
  }

  private Named nameOf(QualifiedNameable element) {
    return new Named(
        moduleOf(element),
        element.getQualifiedName().toString(),
        element instanceof PackageElement);
  }

  /** The name of the module that an element is in; empty for the unnamed one. */
  private String moduleOf(Element element) {
    // Sources before Java 9 have no modules.
    ModuleElement module = processingEnv.getElementUtils().getModuleOf(element);
    return module == null ? "" : module.getQualifiedName().toString();
  }

  private String key(Element element) {
    return element.getKind() + " " + moduleOf(element) + "/" + element;
  }

  private boolean isInSource(Element element) {
    Element outermost = element;
    Element around = element.getEnclosingElement();
    while (around != null && !(around instanceof PackageElement) && around instanceof TypeElement) {
      outermost = around;
      around = around.getEnclosingElement();
    }
    return sources.contains(key(outermost));
  }

  /**
   * Processes an element. Reports every exception on the element instead of crashing the compiler.
   */
  private void guarded(Element element) {
    done.add(key(element));
    try {
      process(element);
    } catch (UnresolvedException e) {
      defer(element);
    } catch (IOException e) {
      reporter.failed(element, Message.OUTPUT, IoReason.of(e));
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      if (isCompilers(e)) {
        reporter.failed(element, Message.OUTPUT_CLASS_PATH, e.getMessage());
      } else {
        reporter.failed(element, Message.INTERNAL, describe(e));
      }
    }
  }

  /** Compilers throw their own exceptions if a class file refers to a missing class. */
  private static boolean isCompilers(Throwable e) {
    String name = e.getClass().getName();
    return name.startsWith("org.eclipse.jdt.") || name.startsWith("com.sun.tools.javac.");
  }

  private static String describe(Throwable e) {
    return e + " at " + (e.getStackTrace().length == 0 ? "?" : e.getStackTrace()[0]);
  }

  private void process(Element element) throws IOException {
    if (reader.isUndecided(element)) {
      defer(element);
      return;
    }
    if (isTooOld(element)) {
      return;
    }
    if (reader.isFlyteTask(element) && !reader.carriesSpec(element)) {
      checkHasImage(element);
      return;
    }
    Reading reading = reader.read(element);
    Spec spec = reading.spec();
    Set<String> regions = ProcessorOption.EXTRA_REGIONS.list(processingEnv.getOptions());
    List<Problem> problems =
        new ArrayList<>(
            SpecChecks.check(spec, new CompilerSurroundings(reading, projectDir, regions)));
    if (element instanceof TypeElement task && !spec.isPart()) {
      GeneratedClass image = GeneratedClass.of(task, processingEnv.getElementUtils());
      problems.addAll(clashes(spec, image, moduleOf(task)));
      if (!reporter.report(problems, element)) {
        write(spec, task, image);
      }
    } else {
      reporter.report(problems, element);
    }
  }

  /**
   * An annotation type may say something of Flyte alone: the classes that have it have the image.
   */
  private void checkHasImage(Element element) {
    if (element.getKind() != ElementKind.ANNOTATION_TYPE) {
      reporter.report(
          List.of(Problem.of(Message.FLYTE_NO_IMAGE, reader.flyte(element).self())), element);
    }
  }

  /** Whether the compilation is for a release in which nothing that is generated could be used. */
  private boolean isTooOld(Element element) {
    SourceVersion release = processingEnv.getSourceVersion();
    if (release.compareTo(SourceVersion.RELEASE_17) >= 0 || !reader.isTask(element)) {
      return false;
    }
    if (!isOldSaid) {
      isOldSaid = true;
      reporter.failed(element, Message.RELEASE, release.name().replace("RELEASE_", ""));
    }
    return true;
  }

  private void write(Spec spec, TypeElement task, GeneratedClass image) throws IOException {
    Manifest manifest = SpecManifest.of(spec);
    OutputWriter writer = new OutputWriter(processingEnv.getFiler(), moduleOf(task));
    String folder = Manifest.resourceFolder(manifest.task());
    String twin = names.getOrDefault(moduleOf(task) + "/" + foldedName(spec), manifest.task());
    if (!twin.equals(manifest.task()) && writer.has(manifest.resourceName(), twin)) {
      reporter.failed(task, Message.OUTPUT_TWIN, folder, twin);
      return;
    }
    writer.resource(manifest.resourceName(), manifest.toJson(), task);
    writer.resource(folder + Dockerfile.FILE, Dockerfile.of(manifest), task);
    try {
      writer.source(
          image.qualifiedName(),
          TaskImageRenderer.render(
              manifest,
              image.packageName(),
              image.simpleName(),
              image.isPublic(),
              canMark.computeIfAbsent(
                  moduleOf(task), module -> isVisible(TaskImageRenderer.GENERATED, task))),
          task);
    } catch (FilerException e) {
      // Eclipse's compiler refuses to generate a class that an earlier compilation left on the
      // class path. That is fine if it is the same class.
      TypeElement left = processingEnv.getElementUtils().getTypeElement(image.qualifiedName());
      if (left == null || isInSource(left) || !image.isMadeAs(left, manifest.task())) {
        throw e;
      }
    }
  }

  /** Whether a class can be named where another one is; sources before Java 9 have no modules. */
  private boolean isVisible(String name, TypeElement from) {
    Elements elements = processingEnv.getElementUtils();
    ModuleElement module = elements.getModuleOf(from);
    return (module == null ? elements.getTypeElement(name) : elements.getTypeElement(module, name))
        != null;
  }

  /** The problems of a class with the other classes of this compilation. */
  private List<Problem> clashes(Spec spec, GeneratedClass image, String module) {
    List<Problem> problems = new ArrayList<>();
    String other = generated.putIfAbsent(module + "/" + image.qualifiedName(), spec.task());
    if (other != null && !other.equals(spec.task())) {
      problems.add(Problem.of(Message.GENERATED_NAME, spec.self(), other, image.simpleName()));
    }
    String twin = names.putIfAbsent(module + "/" + foldedName(spec), spec.task());
    if (twin != null && !twin.equals(spec.task())) {
      problems.add(Problem.of(Message.NAME_CASE, spec.self(), twin));
    }
    return problems;
  }

  /** The name as case-insensitive file systems compare it. */
  private static String foldedName(Spec spec) {
    return spec.task().toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
  }
}
