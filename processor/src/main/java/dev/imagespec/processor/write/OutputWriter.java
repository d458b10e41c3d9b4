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
  private final String module;

  /**
   * A writer of outputs.
   *
   * @param module the name of the module that the class is in, or empty
   */
  public OutputWriter(Filer filer, String module) {
    this.filer = filer;
    this.module = module;
  }

  /** Makes or finds a file by the name of its package or class. */
  private interface Request<T> {
    T in(String name) throws IOException;
  }

  /**
   * Names the module only if the filer asks for it, where several modules are compiled at once: not
   * every filer takes a name with a module.
   */
  private <T> T inModule(String name, Request<T> request) throws IOException {
    try {
      return request.in(name);
    } catch (FilerException e) {
      if (module.isEmpty()) {
        throw e;
      }
      try {
        return request.in(module + "/" + name);
      } catch (IOException | IllegalArgumentException again) {
        e.addSuppressed(again);
        throw e;
      }
    }
  }

  /** Writes a resource next to the classes, as UTF-8. */
  public void resource(String path, String text, TypeElement origin) throws IOException {
    try (Writer out =
        new OutputStreamWriter(
            inModule(
                    "",
                    name -> filer.createResource(StandardLocation.CLASS_OUTPUT, name, path, origin))
                .openOutputStream(),
            StandardCharsets.UTF_8)) {
      out.write(text);
    }
  }

  /** Whether the resource at this path is already the manifest of the given task class. */
  public boolean has(String path, String task) {
    try {
      CharSequence text =
          inModule("", name -> filer.getResource(StandardLocation.CLASS_OUTPUT, name, path))
              .getCharContent(true);
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
    try (Writer out =
        inModule(qualifiedName, name -> filer.createSourceFile(name, origin)).openWriter()) {
      out.write(text);
    }
  }
}
