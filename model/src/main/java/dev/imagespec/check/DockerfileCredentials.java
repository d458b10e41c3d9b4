package dev.imagespec.check;

import dev.imagespec.dockerfile.OwnDockerfile;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/** Credentials in the text of a project's Dockerfile, which the history of its image shows. */
public final class DockerfileCredentials {
  private DockerfileCredentials() {}

  /** The first line with something that has the form of a credential, or a password in a URL. */
  public static OptionalInt line(OwnDockerfile dockerfile) {
    String[] lines = dockerfile.text().split("\n", -1);
    return IntStream.rangeClosed(1, lines.length)
        .filter(number -> Credentials.in(lines[number - 1]).isPresent())
        .findFirst();
  }
}
