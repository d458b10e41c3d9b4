/** Runs work in parallel, computes things once, and lets parts of it fail. */
@NullMarked
package dev.imagespec.runtime.work;

import org.jspecify.annotations.NullMarked;
