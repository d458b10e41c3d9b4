/**
 * Second stage: resolves bases to digests and files to hashes, and computes fingerprints from both.
 */
@NullMarked
package dev.imagespec.runtime.resolve;

import org.jspecify.annotations.NullMarked;
