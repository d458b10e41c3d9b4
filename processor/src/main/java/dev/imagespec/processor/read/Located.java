package dev.imagespec.processor.read;

import java.util.function.Function;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import org.jspecify.annotations.Nullable;

/**
 * A value of an annotation that knows where it stands in the source.
 *
 * @param value the value
 * @param path its place in the annotation, for messages: {@code env[1].name}
 * @param element the annotated class
 * @param mirror the innermost annotation that it stands in: some compilers point nowhere without
 * @param source the value's own piece of source; null where it was left out
 */
public record Located<T>(
    T value,
    String path,
    Element element,
    AnnotationMirror mirror,
    @Nullable AnnotationValue source) {

  /** Another value at the same place. */
  public <R> Located<R> map(Function<T, R> f) {
    return new Located<>(f.apply(value), path, element, mirror, source);
  }
}
