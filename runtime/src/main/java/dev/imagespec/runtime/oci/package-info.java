/**
 * The documents of the OCI image specification: manifests, indexes and configurations, each parsed
 * once into a type. A JSON {@code null} counts as an absent field, since Docker writes it for empty
 * lists and objects. Unknown fields are kept.
 */
@NullMarked
package dev.imagespec.runtime.oci;

import org.jspecify.annotations.NullMarked;
