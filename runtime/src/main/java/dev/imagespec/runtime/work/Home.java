package dev.imagespec.runtime.work;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * The user's home folder: {@code $HOME} first, as for Docker, git and the AWS SDK. Java's own
 * notion is the password database's, which differs in jobs that run in containers.
 */
public final class Home {
  private Home() {}

  /** The home folder; empty if the variable is not set and the user is in no password database. */
  public static Optional<Path> of(Map<String, String> environment) {
    String home = environment.getOrDefault("HOME", "");
    // Java says "?" for a user that it does not find.
    return Optional.of(home.isEmpty() ? System.getProperty("user.home", "") : home)
        .map(Path::of)
        .filter(Path::isAbsolute);
  }

  /** The folder for what may be deleted: {@code XDG_CACHE_HOME}, or {@code .cache} in the home. */
  public static Optional<Path> cache(Map<String, String> environment) {
    // The XDG specification lets nobody use a relative path.
    return Optional.of(environment.getOrDefault("XDG_CACHE_HOME", ""))
        .filter(folder -> !folder.isEmpty())
        .map(Path::of)
        .filter(Path::isAbsolute)
        .or(() -> of(environment).map(home -> home.resolve(".cache")));
  }
}
