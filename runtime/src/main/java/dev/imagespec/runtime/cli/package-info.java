/** The command line: one class a command. */
@NullMarked
package dev.imagespec.runtime.cli;

import org.jspecify.annotations.NullMarked;
