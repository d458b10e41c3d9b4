/**
 * The registries that images are pushed to, one class per kind. Stages use a target, and never ask
 * which kind it is.
 */
@NullMarked
package dev.imagespec.runtime.target;

import org.jspecify.annotations.NullMarked;
