package dev.imagespec.runtime.work;

import dev.imagespec.runtime.Failure;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The result of a piece of work: a value, or the reason why there is none. One image that fails
 * does not stop the others: every stage takes and returns attempts.
 */
public sealed interface Attempt<T> {
  /** The subject of the work. */
  Subject subject();

  /** The work succeeded. */
  record Done<T>(Subject subject, T value) implements Attempt<T> {}

  /** The work failed. */
  record Failed<T>(Subject subject, ImageSpecException cause) implements Attempt<T> {
    /** The same failure, for later work on the same or on other tasks. */
    public <R> Failed<R> of(Subject other) {
      return new Failed<>(other, cause);
    }
  }

  /**
   * Tries a piece of work. An unexpected exception or error, which is a bug, is also only its own
   * failure: the other images continue. Only where the virtual machine itself fails, for example
   * for want of memory, nothing can.
   */
  @SuppressWarnings("CatchingUnchecked") // that is the point
  static <T> Attempt<T> at(Subject subject, Supplier<T> work) {
    try {
      return new Done<>(subject, work.get());
    } catch (ImageSpecException e) {
      return new Failed<>(subject, e);
    } catch (RuntimeException | StackOverflowError e) {
      return new Failed<>(subject, bug(e));
    } catch (VirtualMachineError e) {
      throw e;
    } catch (Error e) {
      return new Failed<>(subject, bug(e));
    }
  }

  private static ImageSpecException bug(Throwable e) {
    Logger log = LoggerFactory.getLogger(Attempt.class);
    log.debug("a bug", e);
    StackTraceElement[] trace = e.getStackTrace();
    return new ImageSpecException(
        FailureCode.INTERNAL,
        "This is a bug in imagespec, please report it: "
            + e
            + (trace.length == 0 ? "" : " at " + trace[0])
            + ". Run it again with --verbose to see where it happened.",
        e);
  }

  /** Continues with the value; a failure stays the same failure. */
  default <R> Attempt<R> then(Function<T, R> work) {
    if (this instanceof Done<T> done) {
      return at(done.subject(), () -> work.apply(done.value()));
    }
    return ((Failed<T>) this).of(subject());
  }

  /**
   * The value.
   *
   * @throws ImageSpecException the reason, if there is no value
   */
  default T get() {
    if (this instanceof Done<T> done) {
      return done.value();
    }
    throw ((Failed<T>) this).cause();
  }

  /** The values of the attempts that succeeded. */
  static <T> List<T> values(Collection<? extends Attempt<T>> attempts) {
    return attempts.stream().filter(Done.class::isInstance).map(Attempt::get).toList();
  }

  /** The failures, in the form in which they are reported. */
  static List<Failure> failures(Collection<? extends Attempt<?>> attempts) {
    return attempts.stream()
        .filter(Failed.class::isInstance)
        .map(
            attempt -> {
              ImageSpecException cause = ((Failed<?>) attempt).cause();
              return new Failure(
                  attempt.subject().tasks(),
                  attempt.subject().repository().toString(),
                  cause.code(),
                  cause.getMessage());
            })
        .toList();
  }
}
