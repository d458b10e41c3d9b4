/**
 * Registration: {@link dev.imagespec.runtime.ImageRegistrar} builds, deduplicates and pushes the
 * images of a catalog.
 */
@NullMarked
package dev.imagespec.runtime;

import org.jspecify.annotations.NullMarked;
