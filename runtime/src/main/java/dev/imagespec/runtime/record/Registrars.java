package dev.imagespec.runtime.record;

import dev.imagespec.model.Manifest;
import dev.imagespec.runtime.Failure;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.Registration;
import dev.imagespec.runtime.RegistrationListener;
import dev.imagespec.runtime.Settings;
import dev.imagespec.runtime.TaskRegistrar;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.ServiceConfigurationError;

/** Calls the task registrars with a registration, one after the other. */
public final class Registrars {
  private final Settings settings;
  private final List<Manifest> manifests;
  private final RegistrationListener listener;
  private final List<Registration.RegisteredTask> registered = new ArrayList<>();
  private final List<Failure> failures = new ArrayList<>();

  /**
   * The call of all registrars for one registration.
   *
   * @param manifests the manifests of its tasks
   */
  public Registrars(
      Settings settings, Collection<Manifest> manifests, RegistrationListener listener) {
    this.settings = settings;
    this.manifests = List.copyOf(manifests);
    this.listener = listener;
  }

  /**
   * Calls each registrar in turn. A failure of one does not stop the others.
   *
   * @return the registration, with the registrars' results
   */
  public Registration call(Iterable<TaskRegistrar> registrars, Registration registration) {
    Iterator<TaskRegistrar> rest = registrars.iterator();
    Optional<TaskRegistrar> next = next(rest, registration);
    while (next.isPresent()) {
      call(next.get(), registration);
      next = next(rest, registration);
    }
    return registration.with(registered, failures);
  }

  /** The next registrar; empty if it cannot be loaded, which is recorded as a failure. */
  private Optional<TaskRegistrar> next(Iterator<TaskRegistrar> rest, Registration registration) {
    while (true) {
      try {
        return rest.hasNext() ? Optional.of(rest.next()) : Optional.empty();
      } catch (ServiceConfigurationError e) {
        fail(registration, "a registrar cannot be loaded: " + e.getMessage());
      }
    }
  }

  @SuppressWarnings("CatchingUnchecked") // a registrar is foreign code
  private void call(TaskRegistrar registrar, Registration registration) {
    String name = registrar.name();
    try {
      TaskRegistrar.Context context =
          new TaskRegistrar.Context(settings.registrar(name), manifests, false, listener);
      registrar.register(registration, context).forEach(result -> take(name, result));
    } catch (Exception | LinkageError e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      fail(registration, "the registrar " + name + " failed: " + reason(e));
    }
  }

  private static String reason(Throwable e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  private void take(String name, TaskRegistrar.Result result) {
    if (result instanceof TaskRegistrar.Result.Registered done) {
      registered.add(
          new Registration.RegisteredTask(
              name, done.definition(), done.task(), done.image(), done.id(), done.action()));
    } else if (result instanceof TaskRegistrar.Result.Failed failed) {
      failures.add(
          failure(
              List.of(failed.task()),
              "The image is pushed and recorded, but the registrar "
                  + name
                  + " failed: "
                  + failed.message()));
    }
  }

  private void fail(Registration registration, String what) {
    failures.add(
        failure(
            List.copyOf(registration.tasks().keySet()),
            "The images are pushed and recorded, but " + what));
  }

  private static Failure failure(List<String> tasks, String message) {
    return new Failure(tasks, "", FailureCode.REGISTRAR, message);
  }
}
