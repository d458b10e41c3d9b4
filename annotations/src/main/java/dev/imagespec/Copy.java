package dev.imagespec;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A file or folder of the project directory to put into the image. Owned by root. */
@Documented
@Target({})
@Retention(RetentionPolicy.CLASS)
public @interface Copy {
  /** The file or folder, relative to the project directory, with {@code /} as separator. */
  String from();

  /**
   * The absolute path in the image. A folder's content goes below it; a file becomes it, or, where
   * it ends with {@code /}, goes into it under its own name.
   */
  String to();

  /**
   * The files' mode as octal text, for example {@code "0640"}. Unset: {@code 0755} where the file's
   * owner may execute it, else {@code 0644}. Folders are {@code 0755}.
   */
  String mode() default "";
}
