package dev.imagespec.processor.read;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ExecutableElement;
import javax.lang.model.type.TypeMirror;
import javax.lang.model.util.Elements;
import org.jspecify.annotations.Nullable;

/** Reads the values of one annotation, defaults included, without loading any class. */
final class AnnotationReader {
  /** What the compiler gives for a constant that does not exist (yet). */
  private static final String UNRESOLVED = "<error>";

  private final Element element;
  private final AnnotationMirror mirror;
  private final String prefix;
  private final Elements elements;
  private final Map<String, AnnotationValue> values = new LinkedHashMap<>();
  private final Map<String, AnnotationValue> written = new LinkedHashMap<>();

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
    return new Located<>(value, prefix + name, element, mirror, null);
  }

  Located<String> text(String name) {
    return located(name, String.valueOf(value(name)));
  }

  Located<Boolean> flag(String name) {
    return located(name, Boolean.TRUE.equals(value(name)));
  }

  Located<Integer> number(String name) {
    return located(name, value(name) instanceof Integer number ? number : 0);
  }

  Located<TypeMirror> type(String name) {
    if (!(value(name) instanceof TypeMirror type)) {
      throw new UnresolvedException();
    }
    return located(name, type);
  }

  List<Located<String>> texts(String name) {
    List<Located<String>> texts = new ArrayList<>();
    for (Located<AnnotationValue> entry : entries(name)) {
      texts.add(entry.map(value -> checked(value.getValue()).toString()));
    }
    return texts;
  }

  /** The annotations in an attribute. */
  List<AnnotationReader> nested(String name) {
    List<AnnotationReader> readers = new ArrayList<>();
    for (Located<AnnotationValue> entry : entries(name)) {
      if (!(entry.value().getValue() instanceof AnnotationMirror inner)) {
        throw new UnresolvedException();
      }
      readers.add(new AnnotationReader(element, inner, entry.path() + ".", elements));
    }
    return readers;
  }

  private List<Located<AnnotationValue>> entries(String name) {
    List<Located<AnnotationValue>> entries = new ArrayList<>();
    if (!(value(name) instanceof List<?> list)) {
      if (value(name) instanceof AnnotationMirror) {
        AnnotationValue only = values.get(name);
        return only == null
            ? List.of()
            : List.of(new Located<>(only, prefix + name, element, mirror, written.get(name)));
      }
      throw new UnresolvedException();
    }
    boolean isWritten = written.containsKey(name);
    for (Object entry : list) {
      AnnotationValue value = (AnnotationValue) entry;
      entries.add(
          new Located<>(
              value,
              prefix + name + "[" + entries.size() + "]",
              element,
              mirror,
              isWritten ? value : null));
    }
    return entries;
  }

  private <T> Located<T> located(String name, T value) {
    return new Located<>(value, prefix + name, element, mirror, written.get(name));
  }

  private Object value(String name) {
    AnnotationValue value = values.get(name);
    if (value == null) {
      throw new IllegalStateException("@ImageSpec has no " + name + ": an older annotations jar?");
    }
    return checked(value.getValue());
  }

  private static Object checked(@Nullable Object value) {
    if (value == null || value.equals(UNRESOLVED)) {
      throw new UnresolvedException();
    }
    return value;
  }
}
