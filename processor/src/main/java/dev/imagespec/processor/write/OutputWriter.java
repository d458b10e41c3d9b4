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
 * Writes the outputs of a class. The class is the only originating element of each output, so that
 * an incremental build knows which files to delete and generate again.
 */
public final class OutputWriter {
  private final Filer filer;

  public OutputWriter(Filer filer) {
    this.filer = filer;
  }

  /** Writes a resource next to the classes, as UTF-8. */
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

  /** Whether the resource at this path is already the manifest of the given task class. */
  public boolean has(String path, String task) {
    try {
      CharSequence text =
          filer.getResource(StandardLocation.CLASS_OUTPUT, "", path).getCharContent(true);
      return Manifest.parse(text.toString()).task().equals(task);
    } catch (FilerException e) {
      // The file was written in this compilation.
      return true;
    } catch (IOException | IllegalArgumentException e) {
      // There is no such file, or it is not a manifest that could be lost.
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
