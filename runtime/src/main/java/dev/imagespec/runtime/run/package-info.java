/** The use cases, one class each. Each runs the stages that it needs. */
@NullMarked
package dev.imagespec.runtime.run;

import org.jspecify.annotations.NullMarked;
