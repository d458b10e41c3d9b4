/** The small part of JSON (RFC 8259) that this project's own documents need. JDK only. */
@NullMarked
package dev.imagespec.json;

import org.jspecify.annotations.NullMarked;
