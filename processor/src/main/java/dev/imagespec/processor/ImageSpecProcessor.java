package dev.imagespec.processor;

import com.google.auto.service.AutoService;
import dev.imagespec.model.Manifest;
import dev.imagespec.processor.check.Message;
import dev.imagespec.processor.check.Problem;
import dev.imagespec.processor.check.SpecChecks;
import dev.imagespec.processor.read.Located;
import dev.imagespec.processor.read.RawSpec;
import dev.imagespec.processor.read.SpecReader;
import dev.imagespec.processor.read.UnresolvedException;
import dev.imagespec.processor.render.DockerfileRenderer;
import dev.imagespec.processor.render.TaskImageRenderer;
import dev.imagespec.processor.write.OutputWriter;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.Processor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.element.Modifier;
import javax.lang.model.element.NestingKind;
import javax.lang.model.element.TypeElement;
import javax.lang.model.type.ArrayType;
import javax.lang.model.type.DeclaredType;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.ElementFilter;
import javax.tools.Diagnostic;

/**
 * Turns each class annotated with {@code @ImageSpec} into a manifest, a Dockerfile and a class:
 * read, check, render, write. The outputs follow from that class and the processor's options alone.
 */
@AutoService(Processor.class)
public final class ImageSpecProcessor extends AbstractProcessor {
  private static final String GENERATED_SUFFIX = "Image";

  /**
   * Names, since elements do not outlive their round: classes whose annotation is not resolved yet.
   */
  private final Set<String> deferred = new TreeSet<>();

  /** The task class of each generated class. */
  private final Map<String, String> generated = new HashMap<>();

  @Override
  public Set<String> getSupportedAnnotationTypes() {
    return Set.of(SpecReader.ANNOTATION);
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
  public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
    Set<String> names = new TreeSet<>(deferred);
    deferred.clear();
    TypeElement annotation = processingEnv.getElementUtils().getTypeElement(SpecReader.ANNOTATION);
    if (annotation != null) {
      for (TypeElement task : ElementFilter.typesIn(round.getElementsAnnotatedWith(annotation))) {
        names.add(task.getQualifiedName().toString());
      }
    }
    for (String name : names) {
      TypeElement task = processingEnv.getElementUtils().getTypeElement(name);
      if (task != null) {
        guarded(task);
      }
    }
    return false;
  }

  /**
   * Whatever goes wrong here is a message at the class, never an exception through the compiler.
   */
  @SuppressWarnings("CatchingUnchecked")
  private void guarded(TypeElement task) {
    try {
      process(task);
    } catch (UnresolvedException e) {
      deferred.add(task.getQualifiedName().toString());
    } catch (IOException e) {
      processingEnv
          .getMessager()
          .printMessage(
              Diagnostic.Kind.ERROR,
              "the outputs of @ImageSpec cannot be written: " + e.getMessage(),
              task);
    } catch (RuntimeException | LinkageError e) {
      Problem bug =
          Problem.of(
              Message.INTERNAL,
              new Located<>(
                  task.getQualifiedName().toString(),
                  "@ImageSpec",
                  task,
                  task.getAnnotationMirrors().get(0),
                  null),
              e + " at " + (e.getStackTrace().length == 0 ? "?" : e.getStackTrace()[0]));
      processingEnv.getMessager().printMessage(Diagnostic.Kind.ERROR, bug.text(), task);
    }
  }

  private void process(TypeElement task) throws IOException {
    Map<String, String> options = processingEnv.getOptions();
    RawSpec spec = new SpecReader(processingEnv.getElementUtils()).read(task);
    Reporter reporter =
        new Reporter(processingEnv.getMessager(), ProcessorOption.STRICT.isSet(options));
    Optional<Path> projectDir =
        Optional.of(ProcessorOption.PROJECT_DIR.in(options))
            .filter(text -> !text.isEmpty())
            .map(Path::of);
    List<Problem> problems = SpecChecks.check(spec, hasMain(spec.mainClass().value()), projectDir);
    boolean failed = reporter.report(problems);
    failed |= reporter.report(generatedNameClash(spec));
    if (!failed) {
      write(spec);
    }
  }

  private void write(RawSpec spec) throws IOException {
    Manifest manifest = SpecModel.of(spec, binaryName(spec.mainClass().value()));
    OutputWriter writer = new OutputWriter(processingEnv.getFiler());
    String folder = Manifest.resourceFolder(manifest.task());
    writer.resource(manifest.resourceName(), manifest.toJson(), spec.task());
    writer.resource(folder + "Dockerfile", DockerfileRenderer.render(manifest), spec.task());
    String packageName =
        processingEnv.getElementUtils().getPackageOf(spec.task()).getQualifiedName().toString();
    String simpleName = generatedName(spec.task());
    writer.source(
        packageName.isEmpty() ? simpleName : packageName + "." + simpleName,
        TaskImageRenderer.render(manifest, packageName, simpleName, isPublic(spec.task())),
        spec.task());
  }

  private List<Problem> generatedNameClash(RawSpec spec) {
    String name =
        processingEnv.getElementUtils().getPackageOf(spec.task()).getQualifiedName()
            + "."
            + generatedName(spec.task());
    String other = generated.putIfAbsent(name, spec.binaryName());
    if (other == null || other.equals(spec.binaryName())) {
      return List.of();
    }
    return List.of(
        Problem.of(Message.GENERATED_NAME, spec.self(), other, generatedName(spec.task())));
  }

  /** {@code Outer.Inner} gives {@code Outer_InnerImage}. */
  private static String generatedName(TypeElement task) {
    StringBuilder name = new StringBuilder(task.getSimpleName());
    Element outer = task.getEnclosingElement();
    while (task.getNestingKind() == NestingKind.MEMBER && outer instanceof TypeElement type) {
      name.insert(0, type.getSimpleName() + "_");
      outer = type.getEnclosingElement();
    }
    return name.append(GENERATED_SUFFIX).toString();
  }

  private static boolean isPublic(TypeElement task) {
    for (Element at = task; at instanceof TypeElement; at = at.getEnclosingElement()) {
      if (!at.getModifiers().contains(Modifier.PUBLIC)) {
        return false;
      }
    }
    return true;
  }

  private String binaryName(TypeMirror type) {
    return type instanceof DeclaredType declared
        ? processingEnv
            .getElementUtils()
            .getBinaryName((TypeElement) declared.asElement())
            .toString()
        : "";
  }

  /**
   * Whether {@code java} can run the class: it has, or inherits, a {@code main} of the known form.
   */
  private boolean hasMain(TypeMirror type) {
    if (!(type instanceof DeclaredType declared)) {
      return false;
    }
    TypeElement main = (TypeElement) declared.asElement();
    return ElementFilter.methodsIn(processingEnv.getElementUtils().getAllMembers(main)).stream()
        .anyMatch(ImageSpecProcessor::isMain);
  }

  private static boolean isMain(ExecutableElement method) {
    return method.getKind() == ElementKind.METHOD
        && method.getSimpleName().contentEquals("main")
        && method.getModifiers().containsAll(Set.of(Modifier.PUBLIC, Modifier.STATIC))
        && method.getReturnType().getKind() == TypeKind.VOID
        && method.getParameters().size() == 1
        && method.getParameters().get(0).asType() instanceof ArrayType array
        && array.getComponentType().toString().equals("java.lang.String");
  }
}
