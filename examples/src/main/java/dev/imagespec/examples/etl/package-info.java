/** One package with several tasks: each says its own image. */
package dev.imagespec.examples.etl;
