package dev.imagespec.processor.write;

import dev.imagespec.model.Manifest;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import javax.annotation.processing.Filer;
import javax.annotation.processing.FilerException;
import javax.lang.model.element.TypeElement;
import javax.tools.StandardLocation;

/**
 * Writes a class's outputs. That class is the one originating element of each, so that an
 * incremental build knows what to delete and what to make again.
 */
public final class OutputWriter {
  private final Filer filer;

  public OutputWriter(Filer filer) {
    this.filer = filer;
  }

  /** Writes a resource beside the classes, as UTF-8. */
  public void resource(String path, String text, TypeElement origin) throws IOException {
    try (Writer out =
        new OutputStreamWriter(
            filer
                .createResource(StandardLocation.CLASS_OUTPUT, "", path, origin)
                .openOutputStream(),
            StandardCharsets.UTF_8)) {
      out.write(text);
    }
  }

  /**
   * Whether a resource beside the classes, which is still to be written, is the manifest of another
   * task class already.
   */
  public boolean has(String path, String task) {
    try {
      CharSequence text =
          filer.getResource(StandardLocation.CLASS_OUTPUT, "", path).getCharContent(true);
      return Manifest.parse(text.toString()).task().equals(task);
    } catch (FilerException e) {
      // The compiler knows it as a file that was written.
      return true;
    } catch (IOException | IllegalArgumentException e) {
      // There is none, or none that anybody could lose.
      return false;
    }
  }

  /** Writes a source file. */
  public void source(String qualifiedName, String text, TypeElement origin) throws IOException {
    try (Writer out = filer.createSourceFile(qualifiedName, origin).openWriter()) {
      out.write(text);
    }
  }
}
