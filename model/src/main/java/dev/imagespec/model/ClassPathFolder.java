package dev.imagespec.model;

import java.util.Locale;

/**
 * The parts of a task's class path, in the order of their layers: each is a folder of a build
 * context. In an image, classes and resources share a folder for each folder of the class path, so
 * that the class path means there what it means on the machine.
 */
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

  /** The folder's name in a build context. */
  public String folderName() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** The path of a jar in the image. */
  public static String jar(String name) {
    return ROOT + "libs/" + name;
  }

  /**
   * The path in the image of a folder of the class path, without a slash at its end.
   *
   * @param n its number among the folders of the class path, from 0
   */
  public static String root(int n) {
    return ROOT + "classes/" + n;
  }
}
