package dev.imagespec.runtime.report;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import dev.imagespec.runtime.Failure;
import dev.imagespec.runtime.Registration;
import dev.imagespec.runtime.registry.StoredImage;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the page shows of a registration or a plan.
 *
 * @param kind which of both
 * @param time when it was made
 * @param source where the source of the tasks is kept, or empty
 * @param revision the source's revision, or empty
 * @param parts what the images consist of, by id
 * @param images the images
 * @param traffic what travelled, or would
 * @param registrations the tasks that task registrars registered
 * @param failures tasks that have no image, and other failures
 * @param notes what could not be found out, and why
 * @param requests the number of requests; 0 in a plan
 * @param elapsed how long it took; zero in a plan
 */
public record Report(
    Kind kind,
    Instant time,
    String source,
    String revision,
    Map<String, Part> parts,
    List<Image> images,
    Traffic traffic,
    List<Registration.RegisteredTask> registrations,
    List<Failure> failures,
    List<String> notes,
    long requests,
    Duration elapsed) {
  public Report {
    parts = Map.copyOf(parts);
    images = List.copyOf(images);
    registrations = List.copyOf(registrations);
    failures = List.copyOf(failures);
    notes = List.copyOf(notes);
  }

  /** What a report is about. */
  public enum Kind {
    REGISTRATION,
    PLAN;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** What happened to an image, or would. */
  public enum Action {
    BUILT,
    REUSED,
    BUILD,
    REUSE;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * What travels to registries.
   *
   * @param sent the layers that were uploaded
   * @param arriving ids of the parts that a registration would make and send
   */
  public record Traffic(Set<Digest> sent, Set<String> arriving) {
    public Traffic {
      sent = Set.copyOf(sent);
      arriving = Set.copyOf(arriving);
    }
  }

  /**
   * An image.
   *
   * @param stack the image, with its parts
   * @param action what happened to it, or would
   * @param digest the digest that its tag names; empty if it does not exist yet
   * @param platforms the digest of each platform's manifest
   * @param changes why it is built or reused, and what is other than before
   * @param bytesUploaded the bytes that were uploaded for it
   * @param stored what its registry tells besides; empty if that is nothing
   */
  public record Image(
      Stack stack,
      Action action,
      Optional<Digest> digest,
      Map<Platform, Digest> platforms,
      List<Change> changes,
      long bytesUploaded,
      Optional<StoredImage> stored) {
    public Image {
      platforms = Map.copyOf(platforms);
      changes = List.copyOf(changes);
    }
  }

  /**
   * Why an image is built or reused, or one thing in which it differs from what its tasks had.
   *
   * @param effect which
   * @param text a phrase
   */
  public record Change(Effect effect, String text) {
    /** What happened to a thing; or that it is a reason. */
    public enum Effect {
      ADDED,
      REMOVED,
      CHANGED,
      REASON;

      @Override
      public String toString() {
        return name().toLowerCase(Locale.ROOT);
      }
    }
  }

  /**
   * A part.
   *
   * @throws IllegalArgumentException if there is none with this id
   */
  Part part(String id) {
    Part part = parts.get(id);
    if (part == null) {
      throw new IllegalArgumentException("no part " + id);
    }
    return part;
  }

  /** The same report with the result of the registration. */
  public Report with(Registration registration) {
    return new Report(
        kind,
        time,
        source,
        revision,
        parts,
        images,
        traffic,
        registration.registrations(),
        registration.failures(),
        notes,
        registration.requests(),
        registration.elapsed());
  }

  /** The same report with these failures. */
  public Report with(List<Failure> others) {
    return new Report(
        kind,
        time,
        source,
        revision,
        parts,
        images,
        traffic,
        registrations,
        others,
        notes,
        requests,
        elapsed);
  }
}
