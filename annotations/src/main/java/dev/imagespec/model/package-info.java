/**
 * The small vocabulary that compile time and registration share: image references, registry hosts,
 * platforms, the manifest of a task class and the record of a registration. JDK only.
 */
@NullMarked
package dev.imagespec.model;

import org.jspecify.annotations.NullMarked;
