/** What registrations on this machine learnt, so that the next one need not find it out again. */
@NullMarked
package dev.imagespec.runtime.memory;

import org.jspecify.annotations.NullMarked;
