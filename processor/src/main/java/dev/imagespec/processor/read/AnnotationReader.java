package dev.imagespec.processor.read;

import dev.imagespec.check.Located;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.Elements;
import org.jspecify.annotations.Nullable;

/** Reads the values of one annotation, defaults included, without loading any class. */
final class AnnotationReader {
  /** What compilers give for a constant that does not exist (yet). */
  private static final String UNRESOLVED = "<error>";

  private static final String ECLIPSE = "org.eclipse.jdt.";

  private final Element element;
  private final AnnotationMirror mirror;
  private final String prefix;
  private final Elements elements;
  private final Map<String, AnnotationValue> values = new HashMap<>();
  private final Map<String, AnnotationValue> written = new HashMap<>();

  AnnotationReader(Element element, AnnotationMirror mirror, String prefix, Elements elements) {
    this.element = element;
    this.mirror = mirror;
    this.prefix = prefix;
    this.elements = elements;
    elements
        .getElementValuesWithDefaults(mirror)
        .forEach((key, value) -> values.put(name(key), value));
    mirror.getElementValues().forEach((key, value) -> written.put(name(key), value));
  }

  private static String name(ExecutableElement attribute) {
    return attribute.getSimpleName().toString();
  }

  boolean isWritten(String name) {
    return written.containsKey(name);
  }

  /** A value that stands nowhere. */
  <T> Located<T> unset(String name, T value) {
    return new Located<>(value, place(name, null));
  }

  /** The annotation itself, for what concerns no single attribute. */
  Located<String> whole(String subject) {
    return new Located<>(subject, place("@ImageSpec", null));
  }

  Located<String> text(String name) {
    return located(name, as(String.class, value(name)));
  }

  Located<Boolean> flag(String name) {
    return located(name, as(Boolean.class, value(name)));
  }

  Located<Integer> number(String name) {
    return located(name, as(Integer.class, value(name)));
  }

  private SourcePlace place(String name, @Nullable AnnotationValue source) {
    return new SourcePlace(prefix + name, element, mirror, source);
  }

  Located<TypeMirror> type(String name) {
    TypeMirror type = as(TypeMirror.class, value(name));
    if (type.getKind() == TypeKind.ERROR) {
      throw new UnresolvedException();
    }
    return located(name, type);
  }

  List<Located<String>> texts(String name) {
    List<Located<String>> texts = new ArrayList<>();
    for (Located<AnnotationValue> entry : entries(name)) {
      texts.add(entry.map(value -> as(String.class, value)));
    }
    return texts;
  }

  /** The annotations in an attribute. */
  List<AnnotationReader> nested(String name) {
    List<AnnotationReader> readers = new ArrayList<>();
    for (Located<AnnotationValue> entry : entries(name)) {
      AnnotationMirror inner = as(AnnotationMirror.class, entry.value());
      readers.add(new AnnotationReader(element, inner, entry.path() + ".", elements));
    }
    return readers;
  }

  private List<Located<AnnotationValue>> entries(String name) {
    AnnotationValue whole = value(name);
    if (whole.getValue() instanceof AnnotationMirror) {
      return List.of(located(name, whole));
    }
    boolean isWritten = isWritten(name);
    List<Located<AnnotationValue>> entries = new ArrayList<>();
    for (Object entry : as(List.class, whole)) {
      AnnotationValue value = (AnnotationValue) entry;
      entries.add(
          new Located<>(value, place(name + "[" + entries.size() + "]", isWritten ? value : null)));
    }
    return entries;
  }

  private <T> Located<T> located(String name, T value) {
    return new Located<>(value, place(name, written.get(name)));
  }

  private AnnotationValue value(String name) {
    AnnotationValue value = values.get(name);
    if (value != null) {
      return value;
    }
    boolean exists =
        mirror.getAnnotationType().asElement().getEnclosedElements().stream()
            .anyMatch(attribute -> attribute.getSimpleName().contentEquals(name));
    if (exists) {
      // It has no default and was left out, which the compiler reports.
      throw new UnresolvedException();
    }
    throw new IllegalStateException(
        mirror.getAnnotationType()
            + " has no attribute "
            + name
            + "; use imagespec-annotations and imagespec-processor of one release");
  }

  /**
   * The value, if it is of the attribute's type: of anything else the compiler complains itself.
   */
  private static <T> T as(Class<T> type, @Nullable AnnotationValue value) {
    if (value == null || !type.isInstance(value.getValue()) || isUnresolved(value)) {
      throw new UnresolvedException();
    }
    return type.cast(value.getValue());
  }

  /**
   * Tells a constant that does not exist from a text that happens to be the same. A text is printed
   * with quotes around; but Eclipse's compiler prints quotes around both. What it gives for the
   * constant is a literal, and so the same object as the one here, while a text is one that it
   * read.
   */
  @SuppressWarnings({"ReferenceEquality", "StringEquality"})
  private static boolean isUnresolved(AnnotationValue value) {
    return value.getValue().equals(UNRESOLVED)
        && (value.toString().equals(UNRESOLVED)
            || (value.getValue() == UNRESOLVED && value.getClass().getName().startsWith(ECLIPSE)));
  }
}
