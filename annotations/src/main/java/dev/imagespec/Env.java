package dev.imagespec;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * An environment variable of the image.
 *
 * <p>The value is literal: {@code $PATH} stays {@code $PATH}. To extend the base image's {@code
 * PATH}, write the whole value, including the base's entries.
 */
@Documented
@Target({})
@Retention(RetentionPolicy.CLASS)
public @interface Env {
  /** The variable's name: letters, digits and underscores, not starting with a digit. */
  String name();

  /** The variable's value. */
  String value();
}
