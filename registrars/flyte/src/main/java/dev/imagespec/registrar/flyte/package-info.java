/** Registers tasks in Flyte 1, Flyte 2 and Union, each with the image that was just pushed. */
@NullMarked
package dev.imagespec.registrar.flyte;

import org.jspecify.annotations.NullMarked;
