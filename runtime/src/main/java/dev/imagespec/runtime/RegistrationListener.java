package dev.imagespec.runtime;

/**
 * Receives the events of a registration as they happen. Several threads call it at once. An
 * exception that it throws is logged, and the registration goes on.
 */
@FunctionalInterface
public interface RegistrationListener {
  /** Called for each event. */
  void on(RegistrationEvent event);

  /** A listener that ignores all events. */
  static RegistrationListener none() {
    return event -> {};
  }
}
