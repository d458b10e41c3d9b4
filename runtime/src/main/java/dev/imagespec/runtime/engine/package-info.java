/**
 * What runs an environment's steps: programs that the machine has, and the pool of their builders.
 * Knows no stage.
 */
@NullMarked
package dev.imagespec.runtime.engine;

import org.jspecify.annotations.NullMarked;
