package dev.imagespec.runtime.record;

import dev.imagespec.runtime.Failure;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.Registration;
import dev.imagespec.runtime.TaskRegistrar;
import java.util.ArrayList;
import java.util.List;

/** Hands a registration to the registrars. */
public final class Registrars {
  private Registrars() {}

  /**
   * Calls each registrar in turn.
   *
   * @return a failure for each that threw
   */
  @SuppressWarnings(
      "CatchingUnchecked") // a registrar is foreign code; none may hide the others' result
  public static List<Failure> call(Iterable<TaskRegistrar> registrars, Registration registration) {
    List<Failure> failures = new ArrayList<>();
    for (TaskRegistrar registrar : registrars) {
      try {
        registrar.register(registration);
      } catch (Exception e) {
        if (e instanceof InterruptedException) {
          Thread.currentThread().interrupt();
        }
        failures.add(
            new Failure(
                List.copyOf(registration.tasks().keySet()),
                "",
                FailureCode.REGISTRAR,
                "The images are pushed and recorded, but the registrar "
                    + registrar.name()
                    + " failed: "
                    + e.getMessage()));
      }
    }
    return failures;
  }
}
