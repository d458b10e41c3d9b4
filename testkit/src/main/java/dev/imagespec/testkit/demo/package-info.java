/** The demo: registers example tasks with an Amazon ECR in the process. */
@NullMarked
package dev.imagespec.testkit.demo;

import org.jspecify.annotations.NullMarked;
