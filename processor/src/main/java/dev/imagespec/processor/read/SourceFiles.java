package dev.imagespec.processor.read;

import javax.lang.model.element.Element;

/** What is known of the source files of this compilation. */
public interface SourceFiles {
  /** Whether an element is in one of them. */
  boolean have(Element element);

  /**
   * Whether an element has annotations there that it does not have yet for processors, because
   * their types do not exist. Some compilers leave such annotations out.
   */
  boolean haveMoreAnnotations(Element element);
}
