/** Fifth stage: makes one transfer plan for all images, and executes it. */
@NullMarked
package dev.imagespec.runtime.publish;

import org.jspecify.annotations.NullMarked;
