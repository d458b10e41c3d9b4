/** Task classes to copy from. */
package dev.imagespec.examples;
