/**
 * The Dockerfile of a manifest. The compiler writes it beside the manifest, for people; a
 * registration and an export render it anew.
 */
@NullMarked
package dev.imagespec.dockerfile;

import org.jspecify.annotations.NullMarked;
