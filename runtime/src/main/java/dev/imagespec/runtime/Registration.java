package dev.imagespec.runtime;

import dev.imagespec.RegistrationRecord;
import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import dev.imagespec.runtime.record.RecordedInputs;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The result of a registration: the image that each task runs in, by digest.
 *
 * @param images the images, one per repository and tag
 * @param registrations the tasks that task registrars registered
 * @param failures tasks that have no image, or that a task registrar did not register
 * @param requests the number of requests to registries and to Amazon ECR
 * @param elapsed how long it took
 * @param inputs what the images were made from, as in the record: {@link
 *     RegistrationRecord#inputs}; empty if the settings name no record
 */
public record Registration(
    List<Image> images,
    List<RegisteredTask> registrations,
    List<Failure> failures,
    long requests,
    Duration elapsed,
    Map<String, Object> inputs) {
  public Registration {
    images = List.copyOf(images);
    registrations = List.copyOf(registrations);
    failures = List.copyOf(failures);
    inputs = Collections.unmodifiableMap(new TreeMap<>(inputs));
  }

  /** What happened to an image. */
  public enum Action {
    /** It was built and pushed. */
    BUILT,
    /** It already existed in its repository. */
    REUSED
  }

  /**
   * An image.
   *
   * @param reference {@code registry/name@sha256:<digest>}
   * @param repository its repository, with the registry
   * @param tag the tag, which contains its fingerprint
   * @param fingerprint 64 hex digits
   * @param action what happened
   * @param platforms its platforms, as {@code os/architecture}
   * @param digests the digest of each platform's manifest; for an image with one platform, its own
   * @param tasks binary names of the task classes that run in it
   * @param bytesUploaded the bytes of blobs uploaded for it; a blob that several images share
   *     counts for only one of them
   * @param tags its further tags, which name it now
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
      long bytesUploaded,
      List<String> tags) {
    public Image {
      tags = List.copyOf(tags);
      platforms = List.copyOf(platforms);
      digests = Collections.unmodifiableMap(new TreeMap<>(digests));
      tasks = List.copyOf(tasks);
    }
  }

  /**
   * A task that a task registrar registered.
   *
   * @param registrar the registrar's name
   * @param definition the file or class that defines the task there
   * @param task the task class's binary name
   * @param image its image, by digest
   * @param id the other system's id for the registered task
   * @param action what happened
   */
  public record RegisteredTask(
      String registrar,
      String definition,
      String task,
      String image,
      String id,
      TaskRegistrar.Action action) {}

  /** Whether every task has its image and every task registrar registered it. */
  public boolean isComplete() {
    return failures.isEmpty();
  }

  /** The image of each task class, by binary name: {@code registry/name@sha256:<digest>}. */
  public Map<String, String> tasks() {
    Map<String, String> tasks = new TreeMap<>();
    images.forEach(image -> image.tasks().forEach(task -> tasks.put(task, image.reference())));
    return Collections.unmodifiableMap(tasks);
  }

  /** This registration, with the results of task registrars added. */
  public Registration with(List<RegisteredTask> registered, List<Failure> more) {
    List<Failure> all = new ArrayList<>(failures);
    all.addAll(more);
    return new Registration(images, registered, all, requests, elapsed, inputs);
  }

  /**
   * The part of this registration that is about some tasks.
   *
   * @param names binary names of task classes
   */
  public Registration only(Collection<String> names) {
    List<Image> own = new ArrayList<>();
    for (Image image : images) {
      List<String> kept = image.tasks().stream().filter(names::contains).toList();
      if (!kept.isEmpty()) {
        own.add(
            new Image(
                image.reference(),
                image.repository(),
                image.tag(),
                image.fingerprint(),
                image.action(),
                image.platforms(),
                image.digests(),
                kept,
                image.bytesUploaded(),
                image.tags()));
      }
    }
    return new Registration(
        own,
        registrations.stream().filter(task -> names.contains(task.task())).toList(),
        failures.stream()
            .filter(failure -> failure.tasks().stream().anyMatch(names::contains))
            .toList(),
        requests,
        elapsed,
        RecordedInputs.only(inputs, own.stream().map(Image::fingerprint).toList()));
  }

  /**
   * The record of this registration, which is written to a file and read by generated classes.
   *
   * @param source where the source code of the tasks is kept, or empty
   * @param revision the revision of that source code, or empty
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
        registrations.stream()
            .map(
                task ->
                    new RegistrationRecord.RegisteredTask(
                        task.registrar(), task.definition(), task.task(), task.id()))
            .toList(),
        source,
        revision,
        inputs);
  }
}
