package dev.imagespec.runtime.engine;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Docker's command-line program. */
final class Docker {
  static final String PROGRAM = "docker";
  static final String INSTALL =
      "install Docker with buildx (Debian: docker.io and docker-buildx), or buildah, which needs no"
          + " daemon";
  private static final Pattern VERSION = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})");

  private Docker() {}

  /**
   * The first two numbers of a version.
   *
   * @return {@code 10013} for 10.13; 0 if the text contains none
   */
  static int version(String text) {
    Matcher version = VERSION.matcher(text);
    return version.find()
        ? Integer.parseInt(version.group(1)) * 1000 + Integer.parseInt(version.group(2))
        : 0;
  }
}
