/**
 * HTTP for every client of the project: connections, timeouts, pace, retries and redaction. Does
 * not depend on registries.
 */
@NullMarked
package dev.imagespec.runtime.http;

import org.jspecify.annotations.NullMarked;
