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
  /**
   * The variable's name. Dots and dashes are allowed ({@code discovery.type}), but shells do not
   * know such variables.
   */
  String name();

  /** The variable's value. */
  String value();
}
