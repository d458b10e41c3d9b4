package dev.imagespec.processor.read;

import dev.imagespec.check.Place;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import org.jspecify.annotations.Nullable;

/**
 * A place in a source file, or in the class file of an annotation or a package.
 *
 * @param path the path of the attribute. If it is not on the class itself, the annotation or
 *     package comes first: {@code @Mine env[1].name}
 * @param element the annotated element
 * @param mirror the innermost annotation around the place. Some compilers need it to show a
 *     position
 * @param source the value in the source, or null if it was left out
 */
public record SourcePlace(
    String path, Element element, AnnotationMirror mirror, @Nullable AnnotationValue source)
    implements Place {

  /** The path without the annotation or package in front. */
  public String pathInAnnotation() {
    return path.substring(path.lastIndexOf(' ') + 1);
  }
}
