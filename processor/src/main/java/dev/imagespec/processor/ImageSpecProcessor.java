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
import javax.lang.model.element.PackageElement;
import javax.lang.model.element.QualifiedNameable;
import javax.lang.model.element.TypeElement;
import org.jspecify.annotations.Nullable;

/**
 * Turns each task class into a manifest, a Dockerfile and a class: read, check, render, write. The
 * outputs follow from that class, from what it takes over from its package and its annotations, and
 * from the processor's options alone.
 */
@AutoService(Processor.class)
public final class ImageSpecProcessor extends AbstractProcessor {
  /** Names, since elements do not outlive their round: what is not resolved yet. */
  private final Set<String> deferredTypes = new TreeSet<>();

  private final Set<String> deferredPackages = new TreeSet<>();

  /** The types and packages whose source files are being compiled. */
  private final Set<String> sources = new HashSet<>();

  /** The task class of each generated class. */
  private final Map<String, String> generated = new HashMap<>();

  /** The first task class of each name, upper and lower case taken for one. */
  private final Map<String, String> names = new HashMap<>();

  /** Where the project's files are; null if nobody looks for them. */
  private @Nullable ProjectDirectory projectDir;

  @SuppressWarnings("NullAway.Init") // by init, which the compiler calls first
  private Reporter reporter;

  @SuppressWarnings("NullAway.Init") // by init, which the compiler calls first
  private SpecReader reader;

  /** All: a class may carry the annotation through another one, whose name nobody here knows. */
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
      // There is no element to say it at: it was looked for.
      reporter.failed(Message.INTERNAL, describe(e));
    }
    return false;
  }

  private void processRound(Set<? extends TypeElement> annotations, RoundEnvironment round) {
    for (Element root : round.getRootElements()) {
      sources.add(root.getKind() + " " + root);
    }
    // Parts of specs come first, so that what is wrong with them is said at them.
    List<Element> parts = new ArrayList<>();
    List<Element> tasks = new ArrayList<>();
    for (Element element : annotated(annotations, round)) {
      (element.getKind().isClass() || element.getKind() == ElementKind.INTERFACE ? tasks : parts)
          .add(element);
    }
    parts.forEach(this::guarded);
    tasks.forEach(this::guarded);
  }

  /** What carries the annotation itself or through another, and what was left over before. */
  private Collection<Element> annotated(
      Set<? extends TypeElement> annotations, RoundEnvironment round) {
    Map<String, Element> found = new TreeMap<>();
    for (TypeElement annotation : annotations) {
      if (reader.leadsToSpec(annotation)) {
        for (Element element : round.getElementsAnnotatedWith(annotation)) {
          // Subclasses do not inherit: their class files say nothing of it.
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
   * Whatever goes wrong here is a message at the class, never an exception through the compiler.
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

  /** Compilers throw exceptions of their own where a class file refers to one that is not there. */
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
              manifest, image.packageName(), image.simpleName(), image.isPublic()),
          task);
    } catch (FilerException e) {
      // Eclipse's compiler refuses a class that an earlier compilation left on the class path.
      TypeElement left = processingEnv.getElementUtils().getTypeElement(image.qualifiedName());
      if (left == null || isInSource(left) || !image.isMadeAs(left, manifest.task())) {
        throw e;
      }
    }
  }

  /** What is wrong with a class beside others of this compilation. */
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

  /** As file systems compare names that do not tell upper from lower case. */
  private static String foldedName(Spec spec) {
    return spec.task().toUpperCase(Locale.ROOT).toLowerCase(Locale.ROOT);
  }
}
