/** Last stage: writes the record and hands it to the registrars. */
@NullMarked
package dev.imagespec.runtime.record;

import org.jspecify.annotations.NullMarked;
