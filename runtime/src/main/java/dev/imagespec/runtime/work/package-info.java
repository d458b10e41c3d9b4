/** How work is done at once, each piece once, and how a part of it may fail. */
@NullMarked
package dev.imagespec.runtime.work;

import org.jspecify.annotations.NullMarked;
