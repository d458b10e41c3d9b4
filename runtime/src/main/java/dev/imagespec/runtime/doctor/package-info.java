/** Checks of what a registration needs, one class per subject. They change nothing. */
@NullMarked
package dev.imagespec.runtime.doctor;

import org.jspecify.annotations.NullMarked;
