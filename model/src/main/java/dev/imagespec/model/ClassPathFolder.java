package dev.imagespec.model;

import java.util.Locale;

/** The folders of an image that hold a task's class path, in the order of their layers. */
public enum ClassPathFolder {
  /** Jars. */
  LIBS,
  /** Files other than class files from folders of the class path. */
  RESOURCES,
  /** Class files from folders of the class path. */
  CLASSES;

  /** The parent folder in the image, with a slash at its end. */
  public static final String ROOT = "/app/";

  /** The name of {@link #ARGUMENT_FILE} in a build context. */
  public static final String ARGUMENT_FILE_NAME = "classpath";

  /**
   * The file in an image that lists the class path: an argument file of {@code java}. With it, the
   * command is known at compile time, and the class path cannot be too long for a command line.
   */
  public static final String ARGUMENT_FILE = ROOT + ARGUMENT_FILE_NAME;

  /** The folder's name in the image and in a build context. */
  public String folderName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The folder's path in the image, without a slash at its end. */
  public String path() {
    return ROOT + folderName();
  }
}
