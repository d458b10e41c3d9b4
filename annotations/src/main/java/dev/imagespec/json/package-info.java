/** The small part of JSON (RFC 8259) that this project's documents need. Uses only the JDK. */
@NullMarked
package dev.imagespec.json;

import org.jspecify.annotations.NullMarked;
