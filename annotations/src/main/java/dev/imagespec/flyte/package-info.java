/**
 * What the code of a Flyte task needs at run time: {@link dev.imagespec.flyte.TaskIo} reads its
 * inputs and writes its outputs.
 */
@NullMarked
package dev.imagespec.flyte;

import org.jspecify.annotations.NullMarked;
