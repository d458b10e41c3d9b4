/** Third stage: groups specs that share an image, and asks the registries what exists. */
@NullMarked
package dev.imagespec.runtime.plan;

import org.jspecify.annotations.NullMarked;
