package dev.imagespec.runtime;

import dev.imagespec.model.Digest;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Repository;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Something that happened during a registration. Its text is one line for people. */
public sealed interface RegistrationEvent {

  /**
   * Something worth knowing, for example that a stale manifest was skipped.
   *
   * @param subject what it is about
   * @param message what is worth knowing
   */
  record Note(String subject, String message) implements RegistrationEvent {
    @Override
    public String toString() {
      return subject + ": " + message;
    }
  }

  /**
   * Something that works but should be changed.
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
   * Base images were resolved, and the lock was written.
   *
   * @param file the lock file
   */
  record LockWritten(Path file) implements RegistrationEvent {
    @Override
    public String toString() {
      return file + ": written";
    }
  }

  /**
   * It is known which images there are to be.
   *
   * @param images how many distinct images the tasks run in
   * @param missing how many of them do not exist yet
   */
  record ImagesPlanned(int images, int missing) implements RegistrationEvent {
    @Override
    public String toString() {
      return images + " images, " + missing + " of them missing";
    }
  }

  /**
   * An image already exists in its repository.
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
   * @param reasons why it is built, one phrase each
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
   * An image was composed, and its layers are about to be sent.
   *
   * @param image the image by its tag
   * @param layers the layers to send to its repository, with their sizes in bytes; none that the
   *     repository is known to have
   */
  record ImageComposed(ImageReference image, Map<Digest, Long> layers)
      implements RegistrationEvent {
    public ImageComposed {
      layers = Collections.unmodifiableMap(new LinkedHashMap<>(layers));
    }

    @Override
    public String toString() {
      return image + ": " + layers.size() + " layers to send";
    }
  }

  /**
   * An image was pushed, or an equal one was found under its tag.
   *
   * @param image the image by its tag
   * @param digest the digest that the tag names now
   */
  record ImagePushed(ImageReference image, Digest digest) implements RegistrationEvent {
    @Override
    public String toString() {
      return image + ": " + digest;
    }
  }

  /**
   * A further tag of an image was set or moved.
   *
   * @param image the image by that tag
   * @param digest the digest that the tag names now
   */
  record ImageTagged(ImageReference image, Digest digest) implements RegistrationEvent {
    @Override
    public String toString() {
      return image + ": tagged " + digest;
    }
  }

  /**
   * An image failed.
   *
   * @param failure its tasks, and why it failed
   */
  record ImageFailed(Failure failure) implements RegistrationEvent {
    @Override
    public String toString() {
      return failure.repository() + ": " + failure.message();
    }
  }

  /**
   * The registration knows which blobs the repositories need. Sent again with larger numbers if
   * images are based on other images of the registration.
   *
   * @param blobs the number of blobs, including those of earlier plans
   * @param bytes their total size in bytes
   */
  record TransfersPlanned(int blobs, long bytes) implements RegistrationEvent {
    @Override
    public String toString() {
      return "upload: " + blobs + " blobs, " + bytes + " bytes";
    }
  }

  /**
   * Part of a blob was read for its upload, or the blob is done: uploaded, mounted, found in its
   * repository, or failed. No number ever decreases during a transfer, and after the last one
   * {@code bytesDone} and {@code bytesTotal} are equal.
   *
   * @param repository the blob's repository
   * @param digest the blob's digest
   * @param blobDone the bytes of this blob that are done
   * @param blobSent those of them that were read to be sent; the others needed no sending
   * @param bytesDone the bytes of all blobs that are done, and of the parts read of others
   * @param bytesTotal the bytes of all blobs, as in {@link TransfersPlanned}
   */
  record TransferProgress(
      Repository repository,
      Digest digest,
      long blobDone,
      long blobSent,
      long bytesDone,
      long bytesTotal)
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
   * @param bytes its size in bytes
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
   * @param name the short names of the tasks that use it
   * @param tag its tag
   * @param engine the engine's name
   * @param platforms the platforms it is built for
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
   * @param name the short names of the tasks that use the environment
   * @param step the step's number, from 1
   * @param steps the number of steps
   * @param text what the step does
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
   * @param name the short names of the tasks that use the environment
   * @param line the line, without secrets
   */
  record EngineOutput(String name, String line) implements RegistrationEvent {
    @Override
    public String toString() {
      return name + ": " + line;
    }
  }

  /**
   * An environment was pushed to its repository, by this or by another registration.
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
   * An engine could not build an environment. The failure of each image that needs it follows.
   *
   * @param name the short names of the tasks that use it
   * @param tag its tag
   */
  record EnvironmentFailed(String name, String tag) implements RegistrationEvent {
    @Override
    public String toString() {
      return name + ": its environment " + tag + " failed";
    }
  }

  /**
   * An environment already exists in its repository.
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
   * The policies of an existing repository changed.
   *
   * @param repository the repository
   * @param change what changed
   */
  record RepositoryChanged(Repository repository, String change) implements RegistrationEvent {
    @Override
    public String toString() {
      return repository + ": " + change;
    }
  }
}
