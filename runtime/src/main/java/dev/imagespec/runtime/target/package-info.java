/**
 * The registries that images are pushed to, one class per kind. Stages ask a target and never which
 * kind it is.
 */
@NullMarked
package dev.imagespec.runtime.target;

import org.jspecify.annotations.NullMarked;
