package dev.imagespec.model;

/** Absolute paths in an image. */
public final class ImagePath {
  /**
   * What the names of files start with that delete files of the layers below (OCI image layers).
   */
  private static final String WHITEOUT = ".wh.";

  private ImagePath() {}

  /**
   * The shortest form of an absolute path, without a slash at its end: builders disagree about what
   * to do with {@code //}, {@code .} and {@code ..}. The root folder is {@code /}.
   *
   * @throws IllegalArgumentException if the path leads out of the root folder
   */
  public static String normal(String path) {
    return "/"
        + ProjectPath.normal(path)
            .orElseThrow(() -> new IllegalArgumentException(path + " leads out of the image"));
  }

  /** Whether a file or folder of the path has a name that deletes files in a layer. */
  public static boolean deletesFiles(String path) {
    return path.startsWith(WHITEOUT) || path.contains("/" + WHITEOUT);
  }
}
