package dev.imagespec.processor;

import com.google.auto.service.AutoService;
import dev.imagespec.check.Message;
import dev.imagespec.check.Problem;
import dev.imagespec.check.Spec;
import dev.imagespec.check.SpecChecks;
import dev.imagespec.check.SpecManifest;
import dev.imagespec.dockerfile.Dockerfile;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.ProjectDirectory;
import dev.imagespec.processor.read.Reading;
import dev.imagespec.processor.read.SpecReader;
import dev.imagespec.processor.read.UnresolvedException;
import dev.imagespec.processor.render.TaskImageRenderer;
import dev.imagespec.processor.write.OutputWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
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
   * The types to read again in the next round. By name, because elements are not valid after their
   * round.
   */
  private final Set<String> deferredTypes = new TreeSet<>();

  private final Set<String> deferredPackages = new TreeSet<>();

  /** The types and packages whose source files are being compiled. */
  private final Set<String> sources = new HashSet<>();

  /** The task class of each generated class. */
  private final Map<String, String> generated = new HashMap<>();

  /** The first task class of each name, ignoring case. */
  private final Map<String, String> names = new HashMap<>();

  /** The project directory; null if files are not checked. */
  private @Nullable ProjectDirectory projectDir;

  @SuppressWarnings("NullAway.Init") // set by init, which the compiler calls first
  private Reporter reporter;

  @SuppressWarnings("NullAway.Init") // set by init, which the compiler calls first
  private SpecReader reader;

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
    reader = new SpecReader(environment.getElementUtils(), environment.getTypeUtils());
    reporter = new Reporter(environment.getMessager(), strict, this::isInSource);
    String folder = ProcessorOption.PROJECT_DIR.in(options);
    if (!folder.isEmpty()) {
      projectDir = folder(folder).orElse(null);
      if (projectDir == null) {
        reporter.failed(Message.OPTION_FOLDER, ProcessorOption.PROJECT_DIR.key(), folder);
      }
    }
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
      processRound(annotations, round);
    } catch (RuntimeException | LinkageError | StackOverflowError e) {
      // No element to report it on: looking for the elements failed.
      reporter.failed(Message.INTERNAL, describe(e));
    }
    return false;
  }

  private void processRound(Set<? extends TypeElement> annotations, RoundEnvironment round) {
    for (Element root : round.getRootElements()) {
      sources.add(root.getKind() + " " + root);
    }
    // Parts of specs first, so that their problems are reported on them and not on the classes.
    List<Element> parts = new ArrayList<>();
    List<Element> tasks = new ArrayList<>();
    for (Element element : annotated(annotations, round)) {
      (element.getKind().isClass() || element.getKind() == ElementKind.INTERFACE ? tasks : parts)
          .add(element);
    }
    parts.forEach(this::guarded);
    tasks.forEach(this::guarded);
  }

  /** The elements with the annotation or a composed one, and those deferred from the last round. */
  private Collection<Element> annotated(
      Set<? extends TypeElement> annotations, RoundEnvironment round) {
    Map<String, Element> found = new TreeMap<>();
    for (TypeElement annotation : annotations) {
      if (reader.leadsToSpec(annotation)) {
        for (Element element : round.getElementsAnnotatedWith(annotation)) {
          // Subclasses do not inherit the annotation, because their class files do not have it.
          if (reader.carriesSpec(element)) {
            found.put(element.getKind() + " " + element, element);
          }
        }
      }
    }
    for (String name : deferredTypes) {
      Element again = processingEnv.getElementUtils().getTypeElement(name);
      if (again != null) {
        found.put(again.getKind() + " " + again, again);
      }
    }
    for (String name : deferredPackages) {
      Element again = processingEnv.getElementUtils().getPackageElement(name);
      if (again != null) {
        found.put(again.getKind() + " " + again, again);
      }
    }
    deferredTypes.clear();
    deferredPackages.clear();
    return found.values();
  }

  private boolean isInSource(Element element) {
    Element outermost = element;
    Element around = element.getEnclosingElement();
    while (around != null && !(around instanceof PackageElement) && around instanceof TypeElement) {
      outermost = around;
      around = around.getEnclosingElement();
    }
    return sources.contains(outermost.getKind() + " " + outermost);
  }

  /**
   * Processes an element. Reports every exception on the element instead of crashing the compiler.
   */
  private void guarded(Element element) {
    try {
      process(element);
    } catch (UnresolvedException e) {
      (element instanceof PackageElement ? deferredPackages : deferredTypes)
          .add(((QualifiedNameable) element).getQualifiedName().toString());
    } catch (IOException e) {
      reporter.failed(element, Message.OUTPUT, e.getMessage());
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
    Reading reading = reader.read(element);
    Spec spec = reading.spec();
    Set<String> regions = ProcessorOption.EXTRA_REGIONS.list(processingEnv.getOptions());
    List<Problem> problems =
        new ArrayList<>(
            SpecChecks.check(spec, new CompilerSurroundings(reading, projectDir, regions)));
    if (element instanceof TypeElement task && !spec.isPart()) {
      GeneratedClass image = GeneratedClass.of(task, processingEnv.getElementUtils());
      problems.addAll(clashes(spec, image));
      if (!reporter.report(problems, element)) {
        write(spec, task, image);
      }
    } else {
      reporter.report(problems, element);
    }
  }

  private void write(Spec spec, TypeElement task, GeneratedClass image) throws IOException {
    Manifest manifest = SpecManifest.of(spec);
    OutputWriter writer = new OutputWriter(processingEnv.getFiler());
    String folder = Manifest.resourceFolder(manifest.task());
    String twin = names.getOrDefault(foldedName(spec), manifest.task());
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
              isVisible(TaskImageRenderer.GENERATED, task)),
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
  private List<Problem> clashes(Spec spec, GeneratedClass image) {
    List<Problem> problems = new ArrayList<>();
    String other = generated.putIfAbsent(image.qualifiedName(), spec.task());
    if (other != null && !other.equals(spec.task())) {
      problems.add(Problem.of(Message.GENERATED_NAME, spec.self(), other, image.simpleName()));
    }
    String twin = names.putIfAbsent(foldedName(spec), spec.task());
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
