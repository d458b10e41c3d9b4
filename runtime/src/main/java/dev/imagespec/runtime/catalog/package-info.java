/** First stage: finds the manifests on a class path. */
@NullMarked
package dev.imagespec.runtime.catalog;

import org.jspecify.annotations.NullMarked;
