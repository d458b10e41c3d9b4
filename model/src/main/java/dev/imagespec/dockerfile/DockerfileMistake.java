package dev.imagespec.dockerfile;

/**
 * Something that somebody should know of a Dockerfile.
 *
 * @param line the line, from 1; 0 if it concerns the whole file
 * @param kind what it is about
 * @param text what it is, and what to do
 */
public record DockerfileMistake(int line, Kind kind, String text) {
  /** What a mistake is about. */
  public enum Kind {
    /** The file is no Dockerfile that can be built here. */
    WRONG(true),
    /** Nobody can know which image it starts from or copies from. */
    UNKNOWN_IMAGE(true),
    /** The image that it starts from has no fixed version. */
    UNPINNED(false),
    /** It downloads something that may change. */
    DOWNLOAD(false),
    /** The instruction has no effect on images of OCI. */
    NO_EFFECT(false);

    private final boolean isError;

    Kind(boolean isError) {
      this.isError = isError;
    }
  }

  /** Whether nothing can be built from the file. */
  public boolean isError() {
    return kind.isError;
  }

  /** The position, for example {@code docker/Dockerfile:3}. */
  public String place(String path) {
    return line == 0 ? path : path + ":" + line;
  }
}
