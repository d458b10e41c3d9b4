package dev.imagespec.runtime;

import dev.imagespec.RegistrationRecord;
import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What a registration gave: for each task the image it runs in, by digest.
 *
 * @param images the images, one per repository and tag
 * @param registrations what task registrars registered
 * @param failures tasks without an image, or that a task registrar did not take over
 * @param requests how many requests were sent to registries and to Amazon ECR
 * @param elapsed how long it took
 */
public record Registration(
    List<Image> images,
    List<RegisteredTask> registrations,
    List<Failure> failures,
    long requests,
    Duration elapsed) {
  public Registration {
    images = List.copyOf(images);
    registrations = List.copyOf(registrations);
    failures = List.copyOf(failures);
  }

  /** What was done with an image. */
  public enum Action {
    /** It was built and pushed. */
    BUILT,
    /** It was in its repository. */
    REUSED
  }

  /**
   * An image.
   *
   * @param reference {@code registry/name@sha256:<digest>}
   * @param repository its repository, registry included
   * @param tag the tag that holds its fingerprint
   * @param fingerprint 64 hex digits
   * @param action what was done
   * @param platforms its platforms, as {@code os/architecture}
   * @param digests the digest of each platform's manifest; of an image for one platform, its own
   * @param tasks binary names of the task classes that run in it
   * @param bytesUploaded bytes of blobs that went up for it; a blob that several images share
   *     counts for one
   */
  public record Image(
      String reference,
      String repository,
      String tag,
      String fingerprint,
      Action action,
      List<String> platforms,
      Map<Platform, Digest> digests,
      List<String> tasks,
      long bytesUploaded) {
    public Image {
      platforms = List.copyOf(platforms);
      digests = Collections.unmodifiableMap(new TreeMap<>(digests));
      tasks = List.copyOf(tasks);
    }
  }

  /**
   * A task that a registrar took over.
   *
   * @param registrar the registrar's name
   * @param definition the file or class that defines the task there
   * @param task the task class's binary name
   * @param image its image by digest
   * @param id the system's name for what was registered
   * @param action what was done
   */
  public record RegisteredTask(
      String registrar,
      String definition,
      String task,
      String image,
      String id,
      TaskRegistrar.Action action) {}

  /** Whether every task has its image and every registrar took it over. */
  public boolean isComplete() {
    return failures.isEmpty();
  }

  /** The image of each task class, by binary name: {@code registry/name@sha256:<digest>}. */
  public Map<String, String> tasks() {
    Map<String, String> tasks = new TreeMap<>();
    images.forEach(image -> image.tasks().forEach(task -> tasks.put(task, image.reference())));
    return Collections.unmodifiableMap(tasks);
  }

  /** This registration, with what task registrars made of it. */
  public Registration with(List<RegisteredTask> registered, List<Failure> more) {
    List<Failure> all = new ArrayList<>(failures);
    all.addAll(more);
    return new Registration(images, registered, all, requests, elapsed);
  }

  /**
   * The form that is written to a file and read by generated classes.
   *
   * @param source where the tasks' source is kept, or empty
   * @param revision the source's revision, or empty
   */
  public RegistrationRecord toRecord(String source, String revision) {
    return new RegistrationRecord(
        tasks(),
        images.stream()
            .map(
                image ->
                    new RegistrationRecord.Image(
                        image.reference(),
                        image.repository(),
                        image.tag(),
                        image.fingerprint(),
                        image.platforms(),
                        image.tasks()))
            .toList(),
        source,
        revision);
  }
}
