package dev.imagespec.check;

/**
 * One attribute that two equally near annotations give different values.
 *
 * @param first the value that is taken
 * @param second the other
 */
public record Ambiguity(Located<?> first, Located<?> second) {}
