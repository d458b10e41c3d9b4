package dev.imagespec.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The images of a project for those who build from Dockerfiles. */
final class Dockerfiles {
  private Dockerfiles() {}

  /** Writes one for each image; the project's folder is the context. */
  static Path write(Trial trial) throws IOException {
    Path folder = Files.createDirectories(trial.folder().resolve("dockerfiles"));
    for (int image = 0; image < trial.scenario().images(); image++) {
      Files.writeString(
          folder.resolve(String.valueOf(image)),
          """
          FROM %s/base:1
          COPY shared.jar /app/libs/shared.jar
          COPY classes /app/classes/
          COPY payload/%d.bin /opt/payload.bin
          ENTRYPOINT ["/bin/true"]
          """
              .formatted(trial.bench().toolHost(), image));
    }
    return folder;
  }
}
