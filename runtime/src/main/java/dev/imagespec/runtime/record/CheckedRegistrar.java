package dev.imagespec.runtime.record;

import dev.imagespec.runtime.Diagnosis;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.Plan;
import dev.imagespec.runtime.Registration;
import dev.imagespec.runtime.TaskRegistrar;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.regex.Pattern;

/**
 * A task registrar, which is foreign code. Whatever it throws, or does not return, becomes an
 * exception of ours, so that the others are still called and nothing that was done is lost.
 */
final class CheckedRegistrar {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]+");

  private static final String NOTHING = "it returned null";

  private final TaskRegistrar registrar;
  private final String name;
  private final Set<String> kinds;

  /**
   * Asks a registrar for its name and its kinds.
   *
   * @throws ImageSpecException with {@link FailureCode#REGISTRAR} if it does not say them
   */
  CheckedRegistrar(TaskRegistrar registrar) {
    this.registrar = registrar;
    String broken = "the registrar " + registrar.getClass().getName() + " cannot be used: ";
    name = call(broken, registrar::name);
    kinds = call(broken, () -> Set.copyOf(registrar.definitionKinds()));
    if (!NAME.matcher(name).matches()) {
      throw new ImageSpecException(
          FailureCode.REGISTRAR,
          broken + "its name may have only letters, digits, hyphens and underscores.");
    }
  }

  String name() {
    return name;
  }

  Set<String> kinds() {
    return kinds;
  }

  void check(TaskRegistrar.Context context) {
    boolean unused =
        call(
            "The registrar " + name + " cannot check its tasks: ",
            () -> {
              registrar.check(context);
              return true;
            });
  }

  Diagnosis examine(TaskRegistrar.Context context) {
    return call("", () -> registrar.examine(context));
  }

  List<TaskRegistrar.Planned> plan(Plan plan, TaskRegistrar.Context context) {
    return list(() -> registrar.plan(plan, context));
  }

  List<TaskRegistrar.Result> register(Registration registration, TaskRegistrar.Context context) {
    return list(() -> registrar.register(registration, context));
  }

  private static <T> List<T> list(Callable<List<T>> step) {
    return call(
        "",
        () -> {
          List<T> list = Objects.requireNonNull(step.call(), NOTHING);
          list.forEach(one -> Objects.requireNonNull(one, NOTHING));
          return List.copyOf(list);
        });
  }

  /**
   * Calls it.
   *
   * @param subject the start of the message if it fails in another way than with a message of ours
   */
  @SuppressWarnings("CatchingUnchecked")
  private static <R> R call(String subject, Callable<R> step) {
    try {
      return Objects.requireNonNull(step.call(), NOTHING);
    } catch (ImageSpecException e) {
      throw e;
    } catch (Exception | LinkageError | AssertionError | StackOverflowError e) {
      if (e instanceof InterruptedException) {
        Thread.currentThread().interrupt();
      }
      throw new ImageSpecException(
          FailureCode.REGISTRAR,
          subject + (e.getMessage() == null ? e.toString() : e.getMessage()),
          e);
    }
  }
}
