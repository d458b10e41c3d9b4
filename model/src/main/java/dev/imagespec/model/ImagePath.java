package dev.imagespec.model;

/** Absolute paths in an image. */
public final class ImagePath {
  /**
   * The prefix of whiteouts: files that delete files of lower layers (OCI image specification,
   * layers).
   */
  private static final String WHITEOUT = ".wh.";

  private ImagePath() {}

  /**
   * Normalizes an absolute path, because builders disagree about {@code //}, {@code .} and {@code
   * ..}. The result has no slash at its end, except the root folder {@code /}.
   *
   * @throws IllegalArgumentException if the path leads above the root folder
   */
  public static String normal(String path) {
    return "/"
        + ProjectPath.normal(path)
            .orElseThrow(() -> new IllegalArgumentException(path + " leads out of the image"));
  }

  /** Whether a name in the path is a whiteout, which would delete files of lower layers. */
  public static boolean deletesFiles(String path) {
    return path.startsWith(WHITEOUT) || path.contains("/" + WHITEOUT);
  }
}
