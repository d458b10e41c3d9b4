/** Finds what is wrong with a spec; pure, and all of it at once. */
@NullMarked
package dev.imagespec.processor.check;

import org.jspecify.annotations.NullMarked;
