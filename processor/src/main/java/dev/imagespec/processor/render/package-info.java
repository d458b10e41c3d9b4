/** Writes the texts of a spec's outputs; knows no compiler types. */
@NullMarked
package dev.imagespec.processor.render;

import org.jspecify.annotations.NullMarked;
