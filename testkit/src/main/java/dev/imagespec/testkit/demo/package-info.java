/** The demonstration: registers example tasks with an embedded Amazon ECR. */
@NullMarked
package dev.imagespec.testkit.demo;

import org.jspecify.annotations.NullMarked;
