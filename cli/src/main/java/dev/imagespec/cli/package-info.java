/** The command line: one class per command. */
@NullMarked
package dev.imagespec.cli;

import org.jspecify.annotations.NullMarked;
