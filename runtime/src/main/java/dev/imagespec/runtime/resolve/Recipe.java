package dev.imagespec.runtime.resolve;

import dev.imagespec.check.DockerfileCredentials;
import dev.imagespec.dockerfile.DockerfileMistake;
import dev.imagespec.dockerfile.OwnDockerfile;
import dev.imagespec.json.Json;
import dev.imagespec.model.Digest;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Manifest;
import dev.imagespec.model.ProjectDirectory;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.catalog.Task;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;

/**
 * What an engine builds from a Dockerfile of the project.
 *
 * @param declared the paths of the Dockerfile and of its context
 * @param dockerfile the Dockerfile
 * @param context the files of the context that the Dockerfile reads, by their paths there
 */
public record Recipe(Manifest.OwnDockerfile declared, OwnDockerfile dockerfile, Layer context) {
  /** The version of the canonical form. */
  private static final int FORMAT = 1;

  /** The name that stands for such a base. */
  static final String NAME = "dockerfile";

  /**
   * Reads a task's Dockerfile, and those files of its context that it reads.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_FILE} if one is missing or wrong
   */
  static Recipe read(Task task, ProjectFiles files) {
    Manifest.OwnDockerfile declared = task.manifest().dockerfile();
    OwnDockerfile dockerfile = dockerfile(task);
    return new Recipe(
        declared,
        dockerfile,
        new ContextFiles(task.source().projectDir(), declared, files).read(dockerfile.sources()));
  }

  /**
   * The images that a task's image stands on, as far as references name them: its base, or what its
   * Dockerfile starts from and copies from.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_FILE} if the Dockerfile is missing
   *     or wrong
   */
  public static List<ImageReference> references(Task task) {
    return task.manifest().dockerfile().isSet()
        ? dockerfile(task).references()
        : task.base().stream().toList();
  }

  private static OwnDockerfile dockerfile(Task task) {
    String path = task.manifest().dockerfile().path();
    OwnDockerfile read =
        OwnDockerfile.read(
            ProjectDirectory.at(task.source().projectDir()), path, task.manifest().platforms());
    List<String> mistakes =
        read.mistakes().stream()
            .filter(DockerfileMistake::isError)
            .map(mistake -> mistake.place(path) + ": " + mistake.text() + ".")
            .toList();
    if (!mistakes.isEmpty()) {
      throw new ImageSpecException(FailureCode.INVALID_FILE, String.join("\n", mistakes));
    }
    DockerfileCredentials.line(read)
        .ifPresent(
            line -> {
              throw new ImageSpecException(
                  FailureCode.INVALID_FILE,
                  path
                      + ":"
                      + line
                      + ": here is a credential, and everybody who may pull the image could read it."
                      + " Remove it, and read it with RUN --mount=type=secret.");
            });
    read.secrets()
        .forEach(
            (id, line) -> {
              if (!task.manifest().environment().secrets().contains(id)) {
                throw new ImageSpecException(
                    FailureCode.INVALID_FILE,
                    path
                        + ":"
                        + line
                        + ": it reads the secret "
                        + id
                        + "; name it with the attribute secrets.");
              }
            });
    return read;
  }

  /**
   * The identity of what is built: the text, the images by digest, and the files. Equal for equal
   * content, wherever it is in the project.
   *
   * @param images the identities of the images, in the order in which the text uses them
   */
  Digest identity(List<String> images) {
    return Digest.of(canonical(images).getBytes(StandardCharsets.UTF_8));
  }

  /** The canonical form, which {@code docs/fingerprint.md} defines. */
  String canonical(List<String> images) {
    return Json.canonical(
        Map.of(
            "format",
            FORMAT,
            "dockerfile",
            dockerfile.text(),
            "images",
            images,
            "context",
            Layer.entriesOf(context)));
  }

  /** The digest of the Dockerfile's text. */
  Digest textDigest() {
    return Digest.of(dockerfile.text().getBytes(StandardCharsets.UTF_8));
  }

  /** The identity of what is not an image: equal for every platform. */
  public Digest content() {
    return identity(List.of());
  }
}
