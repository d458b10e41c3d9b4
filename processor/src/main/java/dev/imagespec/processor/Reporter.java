package dev.imagespec.processor;

import dev.imagespec.processor.check.Message;
import dev.imagespec.processor.check.Problem;
import java.util.List;
import javax.annotation.processing.Messager;
import javax.lang.model.element.Element;
import javax.tools.Diagnostic;

/** Prints problems where they stand, less the warnings that are suppressed there. */
final class Reporter {
  private static final String PREFIX = "imagespec:";

  private final Messager messager;
  private final boolean strict;

  Reporter(Messager messager, boolean strict) {
    this.messager = messager;
    this.strict = strict;
  }

  /**
   * Prints problems.
   *
   * @return whether one of them is an error
   */
  boolean report(List<Problem> problems) {
    boolean failed = false;
    for (Problem problem : problems) {
      boolean error = problem.message().kind() == Message.Kind.ERROR;
      if (!error && isSuppressed(problem.message(), problem.where().element())) {
        continue;
      }
      error |= strict;
      failed |= error;
      messager.printMessage(
          error ? Diagnostic.Kind.ERROR : Diagnostic.Kind.WARNING,
          problem.text(),
          problem.where().element(),
          problem.where().mirror(),
          problem.where().source());
    }
    return failed;
  }

  private static boolean isSuppressed(Message message, Element element) {
    for (Element at = element; at != null; at = at.getEnclosingElement()) {
      SuppressWarnings suppressed = at.getAnnotation(SuppressWarnings.class);
      if (suppressed != null && List.of(suppressed.value()).contains(PREFIX + message.id())) {
        return true;
      }
    }
    return false;
  }
}
