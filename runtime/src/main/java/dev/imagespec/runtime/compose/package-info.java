/** Fourth stage: builds payload layers, and composes images from them and their bases. */
@NullMarked
package dev.imagespec.runtime.compose;

import org.jspecify.annotations.NullMarked;
