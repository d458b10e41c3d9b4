package dev.imagespec;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * An environment variable of the image: its {@link #value}, or what to {@link #prepend} to the base
 * image's own value.
 *
 * <pre>{@code
 * env = {
 *   @Env(name = "TZ", value = "UTC"),
 *   @Env(name = "PATH", prepend = "/opt/tool/bin")
 * }
 * }</pre>
 *
 * <p>Texts are literal: {@code $PATH} stays {@code $PATH}.
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

  /** The variable's whole value. Set either this or {@link #prepend}. */
  String value() default "";

  /**
   * Folders of the image to put in front of the base image's own value, for variables that list
   * folders, such as {@code PATH}: {@code "/opt/tool/bin"}, or several separated by {@code :}. If
   * the base has no such variable, the value is these folders alone; without a {@code PATH}, they
   * stand before the one that containers then get, {@code
   * /usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin}. What several annotations prepend
   * adds up, the nearest first.
   */
  String prepend() default "";
}
