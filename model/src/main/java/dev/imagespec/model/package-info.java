/**
 * The values that the compiler and a registration share: image references, registries, platforms
 * and the manifest of a task class. Uses only the JDK.
 */
@NullMarked
package dev.imagespec.model;

import org.jspecify.annotations.NullMarked;
