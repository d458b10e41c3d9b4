package dev.imagespec.processor.read;

import dev.imagespec.check.Place;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import org.jspecify.annotations.Nullable;

/**
 * A place in a source file, or in the class file of an annotation or a package.
 *
 * @param path the path of the attribute, after the annotation or package that it stands on unless
 *     that is the class itself: {@code @Mine env[1].name}
 * @param element what is annotated
 * @param mirror the innermost annotation around the place: some compilers point nowhere without
 * @param source the value's own piece of source; null where it was left out
 */
public record SourcePlace(
    String path, Element element, AnnotationMirror mirror, @Nullable AnnotationValue source)
    implements Place {

  /** The path from the annotation or package on that the place stands on. */
  public String pathInAnnotation() {
    return path.substring(path.lastIndexOf(' ') + 1);
  }
}
