package dev.imagespec.runtime;

/** Is told what a registration does, as it does it. Called from several threads at once. */
@FunctionalInterface
public interface RegistrationListener {
  /** Something happened. */
  void on(RegistrationEvent event);

  /** Listens to nothing. */
  static RegistrationListener none() {
    return event -> {};
  }
}
