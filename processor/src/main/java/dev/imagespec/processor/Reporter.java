package dev.imagespec.processor;

import dev.imagespec.processor.check.Message;
import dev.imagespec.processor.check.Problem;
import dev.imagespec.processor.read.Located;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import javax.annotation.processing.Messager;
import javax.lang.model.element.AnnotationMirror;
import javax.lang.model.element.AnnotationValue;
import javax.lang.model.element.Element;
import javax.lang.model.element.TypeElement;
import javax.tools.Diagnostic;

/**
 * Prints problems where they stand, less the warnings that are suppressed there. What several
 * classes inherit is said once.
 */
final class Reporter {
  private static final String PREFIX = "imagespec:";

  private final Messager messager;
  private final boolean strict;
  private final Predicate<Element> isInSource;
  private final Set<String> said = new HashSet<>();

  /**
   * A reporter.
   *
   * @param strict whether warnings are errors
   * @param isInSource whether an element stands in a source file of this compilation
   */
  Reporter(Messager messager, boolean strict, Predicate<Element> isInSource) {
    this.messager = messager;
    this.strict = strict;
    this.isInSource = isInSource;
  }

  /**
   * Prints the problems of a class.
   *
   * @param carrier the class; what stands in no source file is reported there
   * @return whether one of them is an error
   */
  boolean report(List<Problem> problems, Element carrier) {
    boolean failed = false;
    for (Problem problem : problems) {
      Diagnostic.Kind kind = kind(problem.message());
      boolean silent =
          problem.message().kind() != Message.Kind.ERROR
              && (isSuppressed(problem.message(), problem.where().element())
                  || isSuppressed(problem.message(), carrier));
      if (silent) {
        continue;
      }
      failed |= kind == Diagnostic.Kind.ERROR;
      if (said.add(identity(problem, carrier))) {
        print(kind, problem, carrier);
      }
    }
    return failed;
  }

  private Diagnostic.Kind kind(Message message) {
    return switch (message.kind()) {
      case ERROR -> Diagnostic.Kind.ERROR;
      case WARNING -> strict ? Diagnostic.Kind.ERROR : Diagnostic.Kind.WARNING;
      case NOTE -> Diagnostic.Kind.NOTE;
    };
  }

  /** What makes two problems one: the same words about the same piece of source. */
  private String identity(Problem problem, Element carrier) {
    Located<?> where = problem.where();
    if (problem.message() == Message.FILES_NOT_CHECKED) {
      return problem.message().code();
    }
    // Seen from a class, the path starts with what the text stands on; seen from there, it does
    // not.
    String path = where.path().substring(where.path().lastIndexOf(' ') + 1);
    Element element = isInSource.test(where.element()) ? where.element() : carrier;
    return problem.text().replace(where.path(), path) + " " + element.getKind() + " " + element;
  }

  private void print(Diagnostic.Kind kind, Problem problem, Element carrier) {
    Located<?> where = problem.where();
    if (!isInSource.test(where.element())) {
      messager.printMessage(kind, problem.text(), carrier);
      return;
    }
    messager.printMessage(kind, problem.text(), where.element(), where.mirror(), where.source());
  }

  private static boolean isSuppressed(Message message, Element element) {
    for (Element at = element; at != null; at = at.getEnclosingElement()) {
      for (AnnotationMirror mirror : at.getAnnotationMirrors()) {
        if (((TypeElement) mirror.getAnnotationType().asElement())
                .getQualifiedName()
                .contentEquals("java.lang.SuppressWarnings")
            && names(mirror, PREFIX + message.id())) {
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
