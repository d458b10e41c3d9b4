/**
 * Renders the Dockerfile of a manifest. The compiler writes it next to the manifest for people to
 * read. A registration and an export render it again, and do not read that file.
 */
@NullMarked
package dev.imagespec.dockerfile;

import org.jspecify.annotations.NullMarked;
