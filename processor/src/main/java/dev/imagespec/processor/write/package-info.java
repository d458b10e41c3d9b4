/** Writes the outputs through the compiler's filer. */
@NullMarked
package dev.imagespec.processor.write;

import org.jspecify.annotations.NullMarked;
