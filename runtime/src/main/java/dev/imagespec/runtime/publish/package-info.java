/** Fifth stage: one transfer plan over all images, and its execution. */
@NullMarked
package dev.imagespec.runtime.publish;

import org.jspecify.annotations.NullMarked;
