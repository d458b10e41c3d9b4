/** What a registration did or would do, as a page to look at. */
@NullMarked
package dev.imagespec.runtime.report;

import org.jspecify.annotations.NullMarked;
