/** The annotation processor: read, check, render, write. */
@NullMarked
package dev.imagespec.processor;

import org.jspecify.annotations.NullMarked;
