/**
 * HTTP for every client of the project: connections, deadlines, pace, retries and redaction. Knows
 * no registry.
 */
@NullMarked
package dev.imagespec.runtime.http;

import org.jspecify.annotations.NullMarked;
