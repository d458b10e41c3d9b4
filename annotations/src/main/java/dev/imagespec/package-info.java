/**
 * The annotations: {@link dev.imagespec.ImageSpec} says which image a task class runs in. {@link
 * dev.imagespec.RegistrationRecord} gives a running task the image that it was registered with.
 */
@NullMarked
package dev.imagespec;

import org.jspecify.annotations.NullMarked;
