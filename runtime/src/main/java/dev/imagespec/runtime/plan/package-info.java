/** Third stage: groups what shares an image, and asks the registries what exists. */
@NullMarked
package dev.imagespec.runtime.plan;

import org.jspecify.annotations.NullMarked;
