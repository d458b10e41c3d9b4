/** The OCI distribution protocol: the one place that speaks HTTP to registries. */
@NullMarked
package dev.imagespec.runtime.registry;

import org.jspecify.annotations.NullMarked;
