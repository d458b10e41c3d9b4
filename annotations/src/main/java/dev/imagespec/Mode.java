package dev.imagespec;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The mode of some files of a {@link Copy}.
 *
 * <pre>{@code
 * @Copy(from = "tools", to = "/opt/tools", mode = "0644",
 *     modes = @Mode(pattern = "bin/*", mode = "0755"))
 * }</pre>
 */
@Documented
@Target({})
@Retention(RetentionPolicy.CLASS)
public @interface Mode {
  /** The pattern of the files, as in {@link Copy#include}. */
  String pattern();

  /** Their mode as octal text, for example {@code "0755"}. */
  String mode();
}
