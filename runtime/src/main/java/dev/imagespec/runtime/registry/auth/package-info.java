/** Credentials and tokens for registries: where they come from, and where they may be sent. */
@NullMarked
package dev.imagespec.runtime.registry.auth;

import org.jspecify.annotations.NullMarked;
