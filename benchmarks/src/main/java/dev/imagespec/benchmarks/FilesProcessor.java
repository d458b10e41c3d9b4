package dev.imagespec.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.Filer;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.tools.StandardLocation;

/** Writes as many files as ImageSpec's processor, of about the sizes, and does nothing else. */
final class FilesProcessor extends AbstractProcessor {
  private static final String RESOURCE = "#".repeat(800);

  @Override
  public Set<String> getSupportedAnnotationTypes() {
    return Set.of("dev.imagespec.ImageSpec");
  }

  @Override
  public SourceVersion getSupportedSourceVersion() {
    return SourceVersion.latestSupported();
  }

  @Override
  public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
    for (TypeElement annotation : annotations) {
      for (Element task : round.getElementsAnnotatedWith(annotation)) {
        try {
          write((TypeElement) task);
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    }
    return false;
  }

  private void write(TypeElement task) throws IOException {
    Filer filer = processingEnv.getFiler();
    String folder = "META-INF/imagespec/" + task.getQualifiedName() + "/";
    for (String name : new String[] {"manifest.json", "Dockerfile"}) {
      try (Writer out =
          filer
              .createResource(StandardLocation.CLASS_OUTPUT, "", folder + name, task)
              .openWriter()) {
        out.write(RESOURCE);
      }
    }
    try (Writer out =
        filer.createSourceFile(task.getQualifiedName() + "Image", task).openWriter()) {
      out.write(
          image(
              processingEnv.getElementUtils().getPackageOf(task).toString(),
              task.getSimpleName().toString()));
    }
  }

  private static String image(String packageName, String name) {
    return """
        package %s;

        import dev.imagespec.RegistrationRecord;

        public final class %sImage {
          public static final String TASK = "%s.%s";
          public static final String MANIFEST = "META-INF/imagespec/%s.%s/manifest.json";

          private %sImage() {}

          public static String reference() {
            return RegistrationRecord.lookUp(TASK, %sImage.class.getClassLoader());
          }
        }
        """
        .formatted(packageName, name, packageName, name, packageName, name, name, name);
  }
}
