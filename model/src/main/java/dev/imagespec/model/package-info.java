/**
 * The vocabulary that compile time and registration share: image references, registries, platforms
 * and the manifest of a task class. JDK only.
 */
@NullMarked
package dev.imagespec.model;

import org.jspecify.annotations.NullMarked;
