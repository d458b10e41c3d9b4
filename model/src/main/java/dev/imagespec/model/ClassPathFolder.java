package dev.imagespec.model;

import java.util.Locale;

/** The folders of an image that hold a task's class path, in the order of their layers. */
public enum ClassPathFolder {
  /** Jars. */
  LIBS,
  /** What folders of the class path hold besides class files. */
  RESOURCES,
  /** The class files of folders of the class path. */
  CLASSES;

  /** The folder of an image that they stand in, with a slash at its end. */
  public static final String ROOT = "/app/";

  /** The file of a build context that becomes {@link #ARGUMENT_FILE}. */
  public static final String ARGUMENT_FILE_NAME = "classpath";

  /**
   * The file of an image that lists the class path: an argument file of {@code java}. So the
   * command is known at compile time, and no class path is too long for a command line.
   */
  public static final String ARGUMENT_FILE = ROOT + ARGUMENT_FILE_NAME;

  /** Its name, in the image and in a build context. */
  public String folderName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** Its path in the image, without a slash at its end. */
  public String path() {
    return ROOT + folderName();
  }
}
