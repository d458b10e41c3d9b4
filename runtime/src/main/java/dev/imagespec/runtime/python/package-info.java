/** Locks of Python packages (PEP 751): reading, checking, and how they are installed. */
@NullMarked
package dev.imagespec.runtime.python;

import org.jspecify.annotations.NullMarked;
