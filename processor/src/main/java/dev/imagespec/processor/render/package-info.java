/** Writes the class that is generated for a task; knows no compiler types. */
@NullMarked
package dev.imagespec.processor.render;

import org.jspecify.annotations.NullMarked;
