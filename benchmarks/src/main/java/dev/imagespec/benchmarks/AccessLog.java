package dev.imagespec.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** Counts the requests in the log of docker-registry. */
final class AccessLog {
  private static final Pattern REQUEST =
      Pattern.compile("\"(?:GET|HEAD|POST|PATCH|PUT|DELETE) /v2/");

  private final Path log;

  /**
   * The log of a registry.
   *
   * @param folder the registry's folder
   */
  AccessLog(Path folder) {
    log = folder.resolve("registry.log");
  }

  /** The requests so far. */
  long requests() throws IOException {
    // A line is written after the answer.
    long before = -1;
    long now = count();
    while (now != before) {
      before = now;
      try {
        Thread.sleep(30);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return now;
      }
      now = count();
    }
    return now;
  }

  private long count() throws IOException {
    return REQUEST
        .matcher(new String(Files.readAllBytes(log), StandardCharsets.UTF_8))
        .results()
        .count();
  }
}
