package dev.imagespec.check;

/**
 * Two different values of one attribute, from two annotations that are equally near to the class.
 *
 * @param first the value that the spec uses
 * @param second the other value
 */
public record Ambiguity(Located<?> first, Located<?> second) {}
