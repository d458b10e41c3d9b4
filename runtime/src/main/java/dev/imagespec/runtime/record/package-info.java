/** Last stage: writes the record, and calls the task registrars. */
@NullMarked
package dev.imagespec.runtime.record;

import org.jspecify.annotations.NullMarked;
