package dev.imagespec.processor;

import dev.imagespec.check.Code;
import dev.imagespec.check.Located;
import dev.imagespec.check.Message;
import dev.imagespec.check.Problem;
import dev.imagespec.processor.read.SourcePlace;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import javax.annotation.processing.Messager;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.ElementKind;
import javax.lang.model.element.TypeElement;
import javax.tools.Diagnostic;
import org.jspecify.annotations.Nullable;

/**
 * Prints problems at their places in the source, except suppressed warnings and notes. Prints a
 * problem that several classes inherit only once.
 */
final class Reporter {
  private static final String PREFIX = "imagespec:";

  private final Messager messager;
  private final boolean strict;
  private final Predicate<Element> isInSource;
  private final Set<Object> said = new HashSet<>();

  /**
   * The key for printing a problem only once: the same message about the same piece of source. It
   * has the name of the element, because elements are not valid after their round.
   */
  private record Identity(
      Message message, Map<String, String> arguments, String value, String path, String element) {}

  /**
   * A reporter.
   *
   * @param strict whether warnings are errors
   * @param isInSource whether an element is in a source file of this compilation
   */
  Reporter(Messager messager, boolean strict, Predicate<Element> isInSource) {
    this.messager = messager;
    this.strict = strict;
    this.isInSource = isInSource;
  }

  /**
   * Prints the problems of a class.
   *
   * @param carrier the class. Problems that are in no source file are reported on it
   * @return whether one of them is an error
   */
  boolean report(List<Problem> problems, Element carrier) {
    boolean failed = false;
    for (Problem problem : problems) {
      SourcePlace place = place(problem);
      boolean isSilent =
          !problem.isError()
              && (isSuppressed(problem.code(), place.element())
                  || isSuppressed(problem.code(), carrier));
      if (isSilent) {
        continue;
      }
      Diagnostic.Kind kind = kind(problem.code());
      failed |= kind == Diagnostic.Kind.ERROR;
      if (said.add(identity(problem, place, carrier))) {
        print(kind, problem, place, carrier);
      }
    }
    return failed;
  }

  /** Prints an error that keeps a class from being processed. */
  void failed(Element element, Message message, @Nullable Object... arguments) {
    SourcePlace place =
        new SourcePlace("@ImageSpec", element, element.getAnnotationMirrors().get(0), null);
    Problem problem = Problem.of(message, new Located<>(element.toString(), place), arguments);
    messager.printMessage(Diagnostic.Kind.ERROR, problem.text(), element);
  }

  /** Prints an error that concerns no class. */
  void failed(Message message, @Nullable Object... arguments) {
    messager.printMessage(Diagnostic.Kind.ERROR, Problem.ofNothing(message, arguments).text());
  }

  /** The cast is safe: the reader gives every value a place in the source. */
  private static SourcePlace place(Problem problem) {
    return (SourcePlace) problem.where().place();
  }

  private Diagnostic.Kind kind(Code code) {
    return switch (code.kind()) {
      case ERROR -> Diagnostic.Kind.ERROR;
      case WARNING -> strict ? Diagnostic.Kind.ERROR : Diagnostic.Kind.WARNING;
      case NOTE -> Diagnostic.Kind.NOTE;
    };
  }

  private Object identity(Problem problem, SourcePlace place, Element carrier) {
    if (problem.message() == Message.FILES_NOT_CHECKED) {
      return problem.message();
    }
    Element element = isInSource.test(place.element()) ? place.element() : carrier;
    // The path starts with the annotation or package only if it was read through a class, so
    // compare without that.
    return new Identity(
        problem.message(),
        problem.arguments(),
        String.valueOf(problem.where().value()),
        place.pathInAnnotation(),
        element.getKind() + " " + element);
  }

  private void print(Diagnostic.Kind kind, Problem problem, SourcePlace place, Element carrier) {
    if (isInSource.test(place.element())) {
      String where = isPlaceless(place.element()) ? place.element() + ": " : "";
      messager.printMessage(
          kind, where + problem.text(), place.element(), place.mirror(), place.source());
    } else {
      messager.printMessage(kind, problem.text(), carrier);
    }
  }

  /** Whether the compiler prints neither file nor line of an element, as Eclipse's does. */
  private boolean isPlaceless(Element element) {
    return messager.getClass().getName().startsWith("org.eclipse.jdt.")
        && (element.getKind() == ElementKind.RECORD || element.getKind() == ElementKind.PACKAGE);
  }

  private static boolean isSuppressed(Code code, Element element) {
    for (Element at = element; at != null; at = at.getEnclosingElement()) {
      for (AnnotationMirror mirror : at.getAnnotationMirrors()) {
        if (((TypeElement) mirror.getAnnotationType().asElement())
                .getQualifiedName()
                .contentEquals("java.lang.SuppressWarnings")
            && names(mirror, PREFIX + code.id())) {
          return true;
        }
      }
    }
    return false;
  }

  private static boolean names(AnnotationMirror suppressed, String warning) {
    for (AnnotationValue value : suppressed.getElementValues().values()) {
      Object names = value.getValue();
      List<?> entries = names instanceof List<?> list ? list : List.of(value);
      for (Object entry : entries) {
        if (entry instanceof AnnotationValue name && warning.equals(name.getValue())) {
          return true;
        }
      }
    }
    return false;
  }
}
