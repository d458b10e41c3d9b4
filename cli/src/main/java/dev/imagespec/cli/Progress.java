package dev.imagespec.cli;

import dev.imagespec.runtime.RegistrationEvent;
import java.util.concurrent.atomic.AtomicInteger;

/** How far a registration is, for the case that it is interrupted. */
final class Progress {
  private final AtomicInteger images = new AtomicInteger();
  private final AtomicInteger done = new AtomicInteger();

  void on(RegistrationEvent event) {
    if (event instanceof RegistrationEvent.ImagesPlanned planned) {
      images.set(planned.images());
    } else if (event instanceof RegistrationEvent.ImageReused
        || event instanceof RegistrationEvent.ImagePushed) {
      done.incrementAndGet();
    }
  }

  /** What was done, and what to do: one line. */
  @Override
  public String toString() {
    return images.get() == 0
        ? "nothing is pushed yet"
        : done
            + " of "
            + images
            + " images are pushed or were there before; the next registration goes on from there";
  }
}
