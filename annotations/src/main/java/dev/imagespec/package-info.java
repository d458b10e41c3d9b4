/**
 * The annotations: {@link dev.imagespec.ImageSpec} describes the image that a task class runs in.
 * {@link dev.imagespec.RegistrationRecord} tells a running task which image it was registered with.
 */
@NullMarked
package dev.imagespec;

import org.jspecify.annotations.NullMarked;
