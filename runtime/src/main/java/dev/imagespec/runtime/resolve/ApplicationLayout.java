package dev.imagespec.runtime.resolve;

import java.util.List;
import java.util.Optional;

/** Where the frameworks have an application's own classes. */
public final class ApplicationLayout {
  static final String BOOT = "BOOT-INF/";
  static final String WEB = "WEB-INF/";
  static final String CLASSES = "classes/";
  static final String LIBS = "lib/";

  private ApplicationLayout() {}

  /**
   * The path of a class or resource in the application's class path; empty if a file is in no
   * folder of classes.
   *
   * @param path the file's path in the image, or in the archive
   */
  public static Optional<String> inClasses(String path) {
    for (String folder : List.of(BOOT + CLASSES, WEB + CLASSES)) {
      int start = ("/" + path).indexOf("/" + folder);
      if (start >= 0) {
        return Optional.of(path.substring(start + folder.length()));
      }
    }
    return Optional.empty();
  }
}
