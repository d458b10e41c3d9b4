package dev.imagespec.registrar.definition;

import dev.imagespec.runtime.ImageSpecException;
import java.util.Set;

/** One thing that a platform is told: what a definition file, or an annotation, says. */
public interface Entry {
  /** What defines it, for people: {@code ecs:deploy/report.json}, or a class's name. */
  String definition();

  /** The binary names of the tasks whose images it has. */
  Set<String> tasks();

  /**
   * Asks the platform what is there. Changes nothing.
   *
   * @param images the images; some are not known yet
   * @throws ImageSpecException if the platform does not say
   */
  Outcome compare(Images images) throws InterruptedException;

  /**
   * Registers it, unless the same is there already.
   *
   * @param images the images, all of them known
   * @throws ImageSpecException if that fails
   */
  Outcome register(Images images) throws InterruptedException;
}
