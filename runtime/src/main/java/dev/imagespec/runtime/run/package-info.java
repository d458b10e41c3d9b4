/** The use cases, a class each: what a caller asks for, carried out by the stages. */
@NullMarked
package dev.imagespec.runtime.run;

import org.jspecify.annotations.NullMarked;
