package dev.imagespec.runtime.engine;

import dev.imagespec.model.Platform;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What builds with Docker's programs have in common. */
final class Docker {
  static final String PROGRAM = "docker";
  static final String INSTALL =
      "install Docker with buildx (Debian: docker.io and docker-buildx), or buildah, which needs no"
          + " daemon";
  private static final Pattern VERSION = Pattern.compile("(\\d+)\\.(\\d+)");

  private Docker() {}

  /**
   * The first two numbers of a version.
   *
   * @return {@code 10013} for 10.13; 0 if there is none in the text
   */
  static int version(String text) {
    Matcher version = VERSION.matcher(text);
    return version.find()
        ? Integer.parseInt(version.group(1)) * 1000 + Integer.parseInt(version.group(2))
        : 0;
  }

  /** The words that say what to build; the same for both of Docker's build commands. */
  static List<String> arguments(EngineBuild build, EngineSettings settings) {
    List<String> words = new ArrayList<>();
    words.add("--progress=plain");
    words.add("--file=" + build.context().resolve("Dockerfile"));
    words.add("--target=" + build.target());
    words.add(
        "--platform="
            + String.join(",", build.platforms().stream().map(Platform::toString).toList()));
    build.arguments().forEach((name, value) -> words.add("--build-arg=" + name + "=" + value));
    settings.network().ifPresent(network -> words.add("--network=" + network));
    words.addAll(secrets(build));
    return words;
  }

  /** A value stands in the program's environment, where its name says nothing. */
  static List<String> secrets(EngineBuild build) {
    List<String> words = new ArrayList<>();
    build
        .secrets()
        .forEach(
            (id, secret) ->
                words.add(
                    "--secret=id="
                        + id
                        + (secret instanceof Secret.OfFile file
                            ? ",src=" + file.path()
                            : ",env=" + variable(id))));
    return words;
  }

  /** The values that {@link #secrets} names. */
  static Map<String, String> values(EngineBuild build) {
    Map<String, String> values = new TreeMap<>();
    build
        .secrets()
        .forEach(
            (id, secret) -> {
              if (secret instanceof Secret.OfValue value) {
                values.put(variable(id), value.value());
              }
            });
    return values;
  }

  private static String variable(String id) {
    return "IMAGESPEC_SECRET_"
        + id.replaceAll("[^A-Za-z0-9_]", "_").toUpperCase(java.util.Locale.ROOT);
  }
}
