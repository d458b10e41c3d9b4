/**
 * For tests: an Amazon ECR, other registries and a package index in this process, and real engines
 * and registries of this machine.
 */
@NullMarked
package dev.imagespec.testkit;

import org.jspecify.annotations.NullMarked;
