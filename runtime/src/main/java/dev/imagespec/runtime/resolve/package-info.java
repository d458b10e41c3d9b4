/** Second stage: bases become digests, files become hashes, both become a fingerprint. */
@NullMarked
package dev.imagespec.runtime.resolve;

import org.jspecify.annotations.NullMarked;
