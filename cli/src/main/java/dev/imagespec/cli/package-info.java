/** The command line: one class a command. */
@NullMarked
package dev.imagespec.cli;

import org.jspecify.annotations.NullMarked;
