/** Fourth stage: payload layers, and the images composed of them and their bases. */
@NullMarked
package dev.imagespec.runtime.compose;

import org.jspecify.annotations.NullMarked;
