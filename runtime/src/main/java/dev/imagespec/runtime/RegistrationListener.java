package dev.imagespec.runtime;

/**
 * Hears what a registration does, as it does it. Called from several threads at once. What it
 * throws is logged, and does not end the registration.
 */
@FunctionalInterface
public interface RegistrationListener {
  /** Something happened. */
  void on(RegistrationEvent event);

  /** Listens to nothing. */
  static RegistrationListener none() {
    return event -> {};
  }
}
