package dev.imagespec.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/** The archives of classes that {@code bin/imagespec} makes in the background. */
final class ClassArchives {
  private static final int PATIENCE = 600;

  private ClassArchives() {}

  /** Waits until the first one is there. */
  static void await(Path folder) throws IOException, InterruptedException {
    for (int i = 0; i < PATIENCE; i++) {
      if (Files.isDirectory(folder)) {
        try (Stream<Path> files = Files.list(folder)) {
          if (files.anyMatch(file -> file.toString().endsWith(".jsa"))) {
            return;
          }
        }
      }
      Thread.sleep(100);
    }
    throw new IllegalStateException("bin/imagespec made no archive of classes in " + folder);
  }
}
