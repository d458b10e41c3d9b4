package dev.imagespec.runtime;

import dev.imagespec.model.Digest;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Repository;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Collectors;

/** Something that a registration did. Its text is a line for people. */
public sealed interface RegistrationEvent {

  /**
   * Something a person should know: a stale manifest that was passed over, for example.
   *
   * @param subject what it is about
   * @param message what there is to know
   */
  record Note(String subject, String message) implements RegistrationEvent {
    @Override
    public String toString() {
      return subject + ": " + message;
    }
  }

  /**
   * Something that works, but that a person should change.
   *
   * @param subject what it is about
   * @param message what to change, and why
   */
  record Warning(String subject, String message) implements RegistrationEvent {
    @Override
    public String toString() {
      return "warning: " + subject + ": " + message;
    }
  }

  /**
   * Base images were resolved and the lock written.
   *
   * @param file the lock's file
   */
  record LockWritten(Path file) implements RegistrationEvent {
    @Override
    public String toString() {
      return file + ": written";
    }
  }

  /**
   * An image exists in its repository.
   *
   * @param image the image by its tag
   * @param tasks binary names of the task classes that run in it
   */
  record ImageReused(ImageReference image, List<String> tasks) implements RegistrationEvent {
    public ImageReused {
      tasks = List.copyOf(tasks);
    }

    @Override
    public String toString() {
      return image + ": exists";
    }
  }

  /**
   * An image is about to be built.
   *
   * @param image the image by its tag
   * @param tasks binary names of the task classes that will run in it
   * @param reasons why it is built, a phrase each
   */
  record ImageBuilding(ImageReference image, List<String> tasks, List<String> reasons)
      implements RegistrationEvent {
    public ImageBuilding {
      tasks = List.copyOf(tasks);
      reasons = List.copyOf(reasons);
    }

    @Override
    public String toString() {
      return image + ": building, " + String.join(", ", reasons);
    }
  }

  /**
   * An image was pushed, or an equal one was found under its tag.
   *
   * @param image the image by its tag
   * @param digest what the tag names now
   */
  record ImagePushed(ImageReference image, Digest digest) implements RegistrationEvent {
    @Override
    public String toString() {
      return image + ": " + digest;
    }
  }

  /**
   * An image failed.
   *
   * @param failure its tasks, and why
   */
  record ImageFailed(Failure failure) implements RegistrationEvent {
    @Override
    public String toString() {
      return failure.repository() + ": " + failure.message();
    }
  }

  /**
   * It is known which blobs repositories need. Comes again if images are based on other images of
   * the registration; then the numbers have grown.
   *
   * @param blobs how many blobs, those of earlier plans included
   * @param bytes their sizes together
   */
  record TransfersPlanned(int blobs, long bytes) implements RegistrationEvent {
    @Override
    public String toString() {
      return "upload: " + blobs + " blobs, " + bytes + " bytes";
    }
  }

  /**
   * A part of a blob was read for its upload, or the blob is done: uploaded, mounted, found in its
   * repository, or failed. Neither number ever falls, and after the last transfer they are equal.
   *
   * @param repository the blob's repository
   * @param digest the blob
   * @param bytesDone bytes of all blobs that are done, and of the parts of others
   * @param bytesTotal bytes of all blobs, as {@link TransfersPlanned} has them
   */
  record TransferProgress(Repository repository, Digest digest, long bytesDone, long bytesTotal)
      implements RegistrationEvent {
    @Override
    public String toString() {
      return repository + ": " + bytesDone + " of " + bytesTotal + " bytes";
    }
  }

  /**
   * A blob was uploaded.
   *
   * @param repository its repository
   * @param digest its digest
   * @param bytes its size
   */
  record BlobUploaded(Repository repository, Digest digest, long bytes)
      implements RegistrationEvent {
    @Override
    public String toString() {
      return repository + ": " + digest + ", " + bytes + " bytes";
    }
  }

  /**
   * An engine is about to build an environment.
   *
   * @param name whose it is: short names of tasks
   * @param tag its tag
   * @param engine the engine's name
   * @param platforms what it is built for
   */
  record EnvironmentBuilding(String name, String tag, String engine, List<Platform> platforms)
      implements RegistrationEvent {
    public EnvironmentBuilding {
      platforms = List.copyOf(platforms);
    }

    @Override
    public String toString() {
      return name
          + ": building its environment "
          + tag
          + " with "
          + engine
          + " for "
          + platforms.stream().map(Platform::toString).collect(Collectors.joining(", "));
    }
  }

  /**
   * An engine runs a step of an environment.
   *
   * @param name whose environment it is: short names of tasks
   * @param step the step's number, from 1
   * @param steps how many there are
   * @param text what the step is for
   */
  record EnvironmentStep(String name, int step, int steps, String text)
      implements RegistrationEvent {
    @Override
    public String toString() {
      return name + ": step " + step + " of " + steps + ", " + text;
    }
  }

  /**
   * An engine printed a line.
   *
   * @param name whose environment it builds: short names of tasks
   * @param line the line, without secrets
   */
  record EngineOutput(String name, String line) implements RegistrationEvent {
    @Override
    public String toString() {
      return name + ": " + line;
    }
  }

  /**
   * An environment is in its repository now: it was built, or another registration was faster.
   *
   * @param environment the environment by its tag
   */
  record EnvironmentPushed(ImageReference environment) implements RegistrationEvent {
    @Override
    public String toString() {
      return environment + ": pushed";
    }
  }

  /**
   * An environment exists in its repository.
   *
   * @param environment the environment by its tag
   */
  record EnvironmentReused(ImageReference environment) implements RegistrationEvent {
    @Override
    public String toString() {
      return environment + ": exists";
    }
  }

  /**
   * A repository was created.
   *
   * @param repository the repository
   */
  record RepositoryCreated(Repository repository) implements RegistrationEvent {
    @Override
    public String toString() {
      return repository + ": created";
    }
  }

  /**
   * A repository that existed got a policy, or another one.
   *
   * @param repository the repository
   * @param change what it has now
   */
  record RepositoryChanged(Repository repository, String change) implements RegistrationEvent {
    @Override
    public String toString() {
      return repository + ": " + change;
    }
  }
}
