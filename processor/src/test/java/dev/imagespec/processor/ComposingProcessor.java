package dev.imagespec.processor;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Set;
import javax.annotation.processing.AbstractProcessor;
import javax.annotation.processing.RoundEnvironment;
import javax.lang.model.SourceVersion;
import javax.lang.model.element.TypeElement;

/** Makes a composed annotation in the first round. */
public final class ComposingProcessor extends AbstractProcessor {
  private boolean isDone;

  @Override
  public Set<String> getSupportedAnnotationTypes() {
    return Set.of("*");
  }

  @Override
  public SourceVersion getSupportedSourceVersion() {
    return SourceVersion.latestSupported();
  }

  @Override
  public boolean process(Set<? extends TypeElement> annotations, RoundEnvironment round) {
    if (!isDone) {
      isDone = true;
      try (Writer out = processingEnv.getFiler().createSourceFile("made.Composed").openWriter()) {
        out.write(
            "package made; @dev.imagespec.ImageSpec(baseImage = \"made:1\", user = \"made\")"
                + " public @interface Composed {}");
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
    return false;
  }
}
