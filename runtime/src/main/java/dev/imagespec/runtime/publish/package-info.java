/**
 * Fifth stage: brings blobs and manifests to registries, as stages that follow each other ({@code
 * docs/architecture.md}, "Publishing").
 */
@NullMarked
package dev.imagespec.runtime.publish;

import org.jspecify.annotations.NullMarked;
