/** Reads annotations into values with their places in the source. */
@NullMarked
package dev.imagespec.processor.read;

import org.jspecify.annotations.NullMarked;
