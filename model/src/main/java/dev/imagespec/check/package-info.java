/**
 * Finds all problems of a spec at once. Uses no compiler types, and reads files only through {@link
 * dev.imagespec.model.ProjectDirectory}, so that the compiler and a registration run the same
 * checks.
 */
@NullMarked
package dev.imagespec.check;

import org.jspecify.annotations.NullMarked;
