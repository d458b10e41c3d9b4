package dev.imagespec.registrar.definition;

import dev.imagespec.model.Platform;
import dev.imagespec.runtime.ImageSpecException;

/** The images of tasks. */
public interface Images {
  /** Stands for an image that is not pushed yet. */
  String NOT_KNOWN = "(known after the push)";

  /**
   * A task's image: {@code registry/name@sha256:<digest>}, or {@link #NOT_KNOWN}.
   *
   * @param task the task class's binary name
   */
  String reference(String task);

  /**
   * The image of one of a task's platforms, for services that take no image for several: {@code
   * registry/name@sha256:<digest>}, or {@link #NOT_KNOWN}.
   *
   * @throws ImageSpecException if the image is not for that platform
   */
  String reference(String task, Platform platform);
}
