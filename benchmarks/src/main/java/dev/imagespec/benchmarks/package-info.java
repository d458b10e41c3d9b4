/**
 * Times registrations beside those of other tools, in one run on one machine. Each tool runs as a
 * whole process, in turn with the others, against a registry that is as new; what it pushed is read
 * back. {@code benchmarks/README.md} says how to start it.
 */
@NullMarked
package dev.imagespec.benchmarks;

import org.jspecify.annotations.NullMarked;
