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
import javax.lang.model.element.VariableElement;
import javax.lang.model.type.TypeKind;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.Elements;
import org.jspecify.annotations.Nullable;

/** Reads the values of one annotation, including defaults, without loading classes. */
final class AnnotationReader {
  /** The value that compilers give for a constant that does not exist (yet). */
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

  /** A value that was not written in the source. */
  <T> Located<T> unset(String name, T value) {
    return new Located<>(value, place(name, null));
  }

  /** A value as a source would write it; empty if it was not written. */
  Located<String> source(String name) {
    AnnotationValue value = written.get(name);
    return located(name, value == null ? "" : value.toString());
  }

  /** The whole annotation, for problems that concern no single attribute. */
  Located<String> whole(String subject) {
    return new Located<>(
        subject, place("@" + mirror.getAnnotationType().asElement().getSimpleName(), null));
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

  /** The name of an enum's constant. */
  Located<String> constant(String name) {
    VariableElement constant = as(VariableElement.class, value(name));
    if (constant.asType().getKind() == TypeKind.ERROR) {
      throw new UnresolvedException();
    }
    return located(name, constant.getSimpleName().toString());
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

  /** Readers of the annotations in an attribute. */
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
      // A required attribute was left out. The compiler reports that.
      throw new UnresolvedException();
    }
    throw new IllegalStateException(
        mirror.getAnnotationType()
            + " has no attribute "
            + name
            + "; use imagespec-annotations and imagespec-processor of one release");
  }

  /**
   * The value, cast to the attribute's type. Values of other types count as unresolved, because the
   * compiler reports them itself.
   */
  private static <T> T as(Class<T> type, @Nullable AnnotationValue value) {
    if (value == null || !type.isInstance(value.getValue()) || isUnresolved(value)) {
      throw new UnresolvedException();
    }
    return type.cast(value.getValue());
  }

  /**
   * Whether the value is a constant that does not exist, and not a text that happens to be {@code
   * <error>}. javac prints only the text in quotes. Eclipse's compiler prints both in quotes, but
   * gives a string literal for the missing constant, which is the same object as the literal here.
   * A text from the source is another object.
   */
  @SuppressWarnings({"ReferenceEquality", "StringEquality"})
  private static boolean isUnresolved(AnnotationValue value) {
    return value.getValue().equals(UNRESOLVED)
        && (value.toString().equals(UNRESOLVED)
            || (value.getValue() == UNRESOLVED && value.getClass().getName().startsWith(ECLIPSE)));
  }
}
