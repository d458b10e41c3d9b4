/** Writes copies of text files in which names of task classes are replaced by their images. */
@NullMarked
package dev.imagespec.registrar.render;

import org.jspecify.annotations.NullMarked;
