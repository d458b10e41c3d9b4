package dev.imagespec.processor.read;

import dev.imagespec.check.MainMethod;
import dev.imagespec.check.Spec;
import java.util.List;
import javax.lang.model.element.Element;

/**
 * A spec as it was read, and what only the compiler knows about the classes that it names.
 *
 * @param element the task class, or the annotation type or package with a part of a spec
 * @param spec the spec; every place in it is a {@link SourcePlace}
 * @param mainMethod whether {@code java} can run the spec's main class
 * @param baseIsTask whether the class that the spec names as its base is a task class
 * @param baseCycle the classes of the circle if the spec is based on itself, with the same class
 *     first and last; else empty
 */
public record Reading(
    Element element,
    Spec spec,
    MainMethod mainMethod,
    boolean baseIsTask,
    List<String> baseCycle) {}
