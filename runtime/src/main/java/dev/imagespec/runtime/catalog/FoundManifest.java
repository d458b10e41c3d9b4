package dev.imagespec.runtime.catalog;

import dev.imagespec.model.Manifest;

/**
 * A manifest, and what the compiler wrote beside it.
 *
 * @param manifest the manifest
 * @param dockerfile the text of its Dockerfile, or empty if there is none
 * @param origin where the manifest was found, for messages
 */
public record FoundManifest(Manifest manifest, String dockerfile, String origin) {}
