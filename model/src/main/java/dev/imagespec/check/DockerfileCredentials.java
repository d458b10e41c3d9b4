package dev.imagespec.check;

import dev.imagespec.dockerfile.OwnDockerfile;
import java.util.OptionalInt;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Credentials in the text of a project's Dockerfile, which the history of its image shows. */
public final class DockerfileCredentials {
  /** A variable that gets a value which stands there: not from a secret or another variable. */
  private static final Pattern ASSIGNED =
      Pattern.compile("(?<![\\w$])([A-Za-z_]\\w*+)=[\"']?+[^\\s\"'$`]");

  /** The old form of ENV, without an equals sign. */
  private static final Pattern OLD_ENV =
      Pattern.compile("(?i)^\\s*+ENV\\s++([A-Za-z_]\\w*+)\\s++[\"']?+[^\\s\"'$`]");

  private DockerfileCredentials() {}

  /**
   * The first line with something that has the form of a credential, a password in a URL, or a
   * value for a variable that holds credentials by its name.
   */
  public static OptionalInt line(OwnDockerfile dockerfile) {
    String[] lines = dockerfile.text().split("\n", -1);
    return IntStream.rangeClosed(1, lines.length)
        .filter(number -> hasOne(lines[number - 1]))
        .findFirst();
  }

  private static boolean hasOne(String line) {
    return Credentials.in(line).isPresent()
        || Stream.of(ASSIGNED, OLD_ENV)
            .flatMap(pattern -> pattern.matcher(line).results())
            .anyMatch(variable -> Credentials.isWellKnown(variable.group(1)));
  }
}
