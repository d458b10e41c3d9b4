package dev.imagespec.registrar.definition;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Platform;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.Plan;
import dev.imagespec.runtime.Registration;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;

/** The images of a plan, or of a registration. */
final class KnownImages implements Images {
  private record Image(String reference, String repository, Map<Platform, Digest> platforms) {}

  private final Map<String, Image> images = new HashMap<>();

  static KnownImages of(Plan plan) {
    KnownImages known = new KnownImages();
    for (Plan.Image image : plan.images()) {
      Image one =
          new Image(
              image.reference().isEmpty() ? NOT_KNOWN : image.reference(),
              image.repository(),
              image.digests());
      image.tasks().forEach(task -> known.images.put(task, one));
    }
    return known;
  }

  static KnownImages of(Registration registration) {
    KnownImages known = new KnownImages();
    for (Registration.Image image : registration.images()) {
      Image one = new Image(image.reference(), image.repository(), image.digests());
      image.tasks().forEach(task -> known.images.put(task, one));
    }
    return known;
  }

  boolean has(String task) {
    return images.containsKey(task);
  }

  @Override
  public String reference(String task) {
    return image(task).reference();
  }

  @Override
  public String reference(String task, Platform platform) {
    Image image = image(task);
    if (image.reference().equals(NOT_KNOWN)) {
      return NOT_KNOWN;
    }
    Digest digest = image.platforms().get(platform);
    if (digest == null) {
      throw new ImageSpecException(
          FailureCode.REGISTRAR,
          "the image of "
              + task
              + " is not for "
              + platform
              + ", only for "
              + image.platforms().keySet().stream()
                  .map(Platform::toString)
                  .collect(Collectors.joining(", "))
              + "; add it to the platforms of its @ImageSpec.");
    }
    return image.repository() + "@" + digest;
  }

  private Image image(String task) {
    Image image = images.get(task);
    if (image == null) {
      throw new ImageSpecException(FailureCode.REGISTRAR, task + " has no image.");
    }
    return image;
  }
}
