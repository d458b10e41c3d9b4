/** Reads annotations into values that know where they stand. */
@NullMarked
package dev.imagespec.processor.read;

import org.jspecify.annotations.NullMarked;
