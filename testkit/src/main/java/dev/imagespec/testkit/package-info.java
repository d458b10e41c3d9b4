/** An in-process Amazon ECR, for tests. */
@NullMarked
package dev.imagespec.testkit;

import org.jspecify.annotations.NullMarked;
