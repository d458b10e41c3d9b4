package dev.imagespec.runtime.http;

import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import javax.net.ssl.SSLException;

/**
 * Retries after failures that may pass: a broken connection, 408, 429 and 5xx. Waits longer before
 * each attempt, and varies the time at random, so that many clients do not return at the same
 * moment.
 */
public final class RetryPolicy {
  private static final Duration FIRST_WAIT = Duration.ofMillis(400);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  /** What to try. */
  @FunctionalInterface
  public interface Operation<T> {
    T run() throws IOException, InterruptedException;
  }

  /** Stop retrying if a server keeps asking to wait longer than this in total. */
  private static final Duration LONGEST_ALTOGETHER = Duration.ofMinutes(2);

  private static final int ATTEMPTS = 5;

  /** Throttling takes longer to pass than a broken connection, but it does pass. */
  private static final int ATTEMPTS_THROTTLED = 10;

  private final int attempts;
  private final int attemptsThrottled;
  private final Sleeper sleeper;
  private final DoubleSupplier random;

  public RetryPolicy(int attempts, Sleeper sleeper, DoubleSupplier random) {
    this(attempts, attempts, sleeper, random);
  }

  private RetryPolicy(int attempts, int attemptsThrottled, Sleeper sleeper, DoubleSupplier random) {
    this.attempts = attempts;
    this.attemptsThrottled = attemptsThrottled;
    this.sleeper = sleeper;
    this.random = random;
  }

  /** The attempts and waiting times that clients use. */
  public static RetryPolicy standard() {
    return standard(Sleeper.REAL);
  }

  /** The same attempts, with another way of waiting. */
  public static RetryPolicy standard(Sleeper sleeper) {
    return new RetryPolicy(
        ATTEMPTS, ATTEMPTS_THROTTLED, sleeper, () -> ThreadLocalRandom.current().nextDouble());
  }

  /**
   * Runs an operation until it succeeds or no attempts are left.
   *
   * @param where the server, for the message
   * @throws ImageSpecException with {@link FailureCode#UNREACHABLE}, or the failure of the last
   *     attempt
   */
  public <T> T call(String where, Operation<T> operation) {
    Duration waited = Duration.ZERO;
    for (int attempt = 1; ; attempt++) {
      try {
        Duration wait;
        try {
          return operation.run();
        } catch (RetryableException e) {
          boolean throttled = e.failure().code() == FailureCode.THROTTLED;
          if (attempt >= (throttled ? attemptsThrottled : attempts)
              || waited.compareTo(LONGEST_ALTOGETHER) >= 0) {
            throw e.failure();
          }
          wait = e.retryAfter().orElseGet(() -> Duration.ZERO);
        } catch (IOException e) {
          if (attempt >= attempts) {
            throw unreachable(where, e);
          }
          wait = Duration.ZERO;
        }
        Duration pause = wait.isZero() ? backoff(attempt) : shorter(wait, LONGEST_WAIT);
        waited = waited.plus(pause);
        sleeper.sleep(pause);
      } catch (InterruptedException e) {
        throw ImageSpecException.interrupted(e);
      }
    }
  }

  /** Whether a retry may get another answer than this status. */
  public static boolean isRetryable(int status) {
    return status == 408
        || status == 429
        || status == 500
        || status == 502
        || status == 503
        || status == 504;
  }

  private Duration backoff(int attempt) {
    Duration most = shorter(FIRST_WAIT.multipliedBy(1L << (attempt - 1)), LONGEST_WAIT);
    return Duration.ofMillis(Math.max(1, (long) (most.toMillis() * random.getAsDouble())));
  }

  private static Duration shorter(Duration a, Duration b) {
    return a.compareTo(b) < 0 ? a : b;
  }

  /**
   * The failure if a connection fails.
   *
   * @param where the server, for the message
   */
  public static ImageSpecException unreachable(String where, IOException e) {
    return new ImageSpecException(
        FailureCode.UNREACHABLE,
        where
            + " cannot be reached: "
            + why(e)
            + (e instanceof SSLException
                ? ". If its certificate is your own, trust it: -Djavax.net.ssl.trustStore=FILE."
                : ". Check the host's name, the network and the proxy."),
        e);
  }

  private static String why(IOException e) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (cause instanceof UnresolvedAddressException || cause instanceof UnknownHostException) {
        return "there is no host of this name";
      }
    }
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
