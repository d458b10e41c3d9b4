/** The OCI distribution protocol. Only this package speaks HTTP to registries. */
@NullMarked
package dev.imagespec.runtime.registry;

import org.jspecify.annotations.NullMarked;
