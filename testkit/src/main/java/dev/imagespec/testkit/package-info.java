/**
 * For tests: servers in this process that act as Amazon ECR, other registries and a package index,
 * and real engines and registries that run on this machine.
 */
@NullMarked
package dev.imagespec.testkit;

import org.jspecify.annotations.NullMarked;
