package dev.imagespec;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A package index for some Python packages alone. They are installed from it before all others,
 * with everything that they need, in the same step.
 *
 * <pre>{@code
 * pipIndexes = @PipIndex(
 *     url = "https://download.pytorch.org/whl/cpu",
 *     packages = {"torch==2.5.1", "torchvision==0.20.1"})
 * }</pre>
 */
@Documented
@Target({})
@Retention(RetentionPolicy.CLASS)
public @interface PipIndex {
  /** The URL of the index, without a user or a password. */
  String url();

  /**
   * Python requirements (PEP 508) that come from this index, with what they depend on. At least
   * one. A set: the order does not matter.
   */
  String[] packages();
}
