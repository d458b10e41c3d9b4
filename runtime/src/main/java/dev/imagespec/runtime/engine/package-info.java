/**
 * Engines, which run the steps of environments: programs installed on the machine, and the pool of
 * their builders. Does not depend on any stage.
 */
@NullMarked
package dev.imagespec.runtime.engine;

import org.jspecify.annotations.NullMarked;
