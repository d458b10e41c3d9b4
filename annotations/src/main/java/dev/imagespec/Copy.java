package dev.imagespec;

import java.lang.annotation.Documented;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * A file or folder of the project directory to copy into the image, or into its environment before
 * the steps run.
 *
 * <pre>{@code
 * copy = {
 *   @Copy(from = "conf", to = "/etc/app", include = "*.yml", exclude = "local.yml"),
 *   @Copy(from = "data", to = "/data", owner = "1000:1000"),
 *   @Copy(from = "wheels", to = "/opt/wheels", in = Copy.In.STEPS)
 * }
 * }</pre>
 */
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

  /**
   * Where the copy goes in. {@link In#STEPS} is for what the steps need: a certificate, a script,
   * wheels, a Debian package:
   *
   * <pre>{@code
   * aptPackages = "/opt/debs/tool.deb",
   * copy = @Copy(from = "tool_1.2_amd64.deb", to = "/opt/debs/tool.deb", in = Copy.In.STEPS)
   * }</pre>
   */
  In in() default In.IMAGE;

  /**
   * Patterns of the files to take from the folder {@link #from}; by default all. A pattern is a
   * path below that folder, or that of a folder whose whole content it takes. In it {@code *} is
   * any text and {@code ?} any character except {@code /}, {@code [a-z]} one character of several,
   * {@code [^a-z]} one of the others, {@code **} any folders or none, and {@code \} takes the next
   * character as it is: {@code "*.yml"} is in the folder itself, {@code "**}{@code /*.yml"} also in
   * folders below. Folders without a file that is taken are not in the image.
   */
  String[] include() default {};

  /** Patterns of the files to leave out, as in {@link #include}; they win over it. */
  String[] exclude() default {};

  /** Modes of some of the files; the last pattern that matches a file wins, over {@link #mode}. */
  Mode[] modes() default {};

  /**
   * The path of a file, relative to the project directory, with patterns of what to leave out, by
   * the rules of Docker's ignore files: {@code ".dockerignore"}. Its patterns are relative to the
   * project directory. Nothing reads such a file unless it is named here.
   */
  String ignoreFile() default "";

  /**
   * Who owns the copy: the number of a user, and optionally of a group ({@code "1000:1000"}), else
   * of the group with the same number. By default root. Folders above {@link #to} stay root's.
   */
  String owner() default "";

  /** Where a copy goes in. */
  enum In {
    /** On top of the environment, where a change runs no step. */
    IMAGE,

    /**
     * Into the environment, before its first step, where it stays. When a file changes, the steps
     * run again. Where a spec has no steps, this is the same as {@link #IMAGE}.
     */
    STEPS
  }
}
