/** Checks of what a registration needs: one class a subject. They change nothing. */
@NullMarked
package dev.imagespec.runtime.doctor;

import org.jspecify.annotations.NullMarked;
