/** The goals of the Maven plugin: the same registration, with the class path that Maven knows. */
@NullMarked
package dev.imagespec.maven;

import org.jspecify.annotations.NullMarked;
