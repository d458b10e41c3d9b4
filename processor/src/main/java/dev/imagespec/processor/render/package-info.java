/**
 * Renders the class that is generated for a task. Uses no compiler types except {@code Modifier}.
 */
@NullMarked
package dev.imagespec.processor.render;

import org.jspecify.annotations.NullMarked;
