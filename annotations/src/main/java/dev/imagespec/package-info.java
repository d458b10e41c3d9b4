/** The annotations: {@link dev.imagespec.ImageSpec} says which image a task class runs in. */
@NullMarked
package dev.imagespec;

import org.jspecify.annotations.NullMarked;
