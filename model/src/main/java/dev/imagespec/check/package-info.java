/**
 * Finds what is wrong with a spec, all of it at once. It knows no compiler, and sees files through
 * {@link dev.imagespec.model.ProjectDirectory} alone, so that the compiler and a registration hold
 * a spec against the same checks.
 */
@NullMarked
package dev.imagespec.check;

import org.jspecify.annotations.NullMarked;
