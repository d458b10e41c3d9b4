package dev.imagespec;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/** A file or folder of the project directory to copy into the image. Root owns the copy. */
@Documented
@Target({})
@Retention(RetentionPolicy.CLASS)
public @interface Copy {
  /** The file or folder, relative to the project directory, with {@code /} as separator. */
  String from();

  /**
   * The absolute path in the image. The content of a folder goes below this path. A file is copied
   * to this path; if the path ends with {@code /}, the file goes into that folder under its own
   * name.
   */
  String to();

  /**
   * The mode of the files as octal text, for example {@code "0640"}. By default {@code 0755} if the
   * file's owner may execute it, else {@code 0644}. Folders are always {@code 0755}.
   */
  String mode() default "";
}
