/** Reaches a Flyte or Union endpoint: finds its configuration, and proves who asks. */
@NullMarked
package dev.imagespec.registrar.flyte.connect;

import org.jspecify.annotations.NullMarked;
