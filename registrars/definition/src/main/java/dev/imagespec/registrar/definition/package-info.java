/**
 * What registrars share: definition files, the places of images in them, their identity and
 * differences.
 */
@NullMarked
package dev.imagespec.registrar.definition;

import org.jspecify.annotations.NullMarked;
