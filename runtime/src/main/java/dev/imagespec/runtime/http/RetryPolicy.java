package dev.imagespec.runtime.http;

import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Retries after failures that may pass: a broken connection, 408, 429 and 5xx. Waits longer before
 * each attempt, and varies the time at random, so that many clients do not return at the same
 * moment. A server that asks to slow down is asked again as long as it lets anything pass; after
 * other failures, the number of attempts is limited.
 */
public final class RetryPolicy {
  private static final Duration FIRST_WAIT = Duration.ofMillis(400);
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(30);

  /** Of a server that refuses at random, the next answer may be good. */
  private static final Duration LONGEST_WAIT_THROTTLED = Duration.ofSeconds(5);

  /** What to try. */
  @FunctionalInterface
  public interface Operation<T> {
    T run() throws IOException, InterruptedException;
  }

  private static final int ATTEMPTS = 5;

  /** Each attempt that stalls has already taken a long time. */
  private static final int ATTEMPTS_STALLED = 3;

  /** After so many attempts, the wait is the longest one. */
  private static final int ATTEMPTS_LONGEST_WAIT = 8;

  private final int attempts;
  private final int attemptsStalled;
  private final int attemptsThrottled;
  private final LongSupplier nanoTime;
  private final Sleeper sleeper;
  private final DoubleSupplier random;

  /** A policy with a number of attempts for all kinds of failures. */
  public RetryPolicy(int attempts, Sleeper sleeper, DoubleSupplier random) {
    this(attempts, attempts, attempts, System::nanoTime, sleeper, random);
  }

  private RetryPolicy(
      int attempts,
      int attemptsStalled,
      int attemptsThrottled,
      LongSupplier nanoTime,
      Sleeper sleeper,
      DoubleSupplier random) {
    this.attempts = attempts;
    this.attemptsStalled = attemptsStalled;
    this.attemptsThrottled = attemptsThrottled;
    this.nanoTime = nanoTime;
    this.sleeper = sleeper;
    this.random = random;
  }

  /** The attempts and waiting times that clients use. */
  public static RetryPolicy standard() {
    return standard(System::nanoTime, Sleeper.REAL);
  }

  /** The same attempts, with another clock and another way of waiting. */
  public static RetryPolicy standard(LongSupplier nanoTime, Sleeper sleeper) {
    return new RetryPolicy(
        ATTEMPTS,
        ATTEMPTS_STALLED,
        Integer.MAX_VALUE,
        nanoTime,
        sleeper,
        () -> ThreadLocalRandom.current().nextDouble());
  }

  /** The pace of requests to one server, with this policy's clock. */
  public Congestion congestion() {
    return new Congestion(nanoTime, sleeper);
  }

  /** Patience with one server, which may be shared by many operations. */
  public Patience patience() {
    return new Patience(nanoTime);
  }

  /**
   * Runs an operation as {@link #call(String, Patience, Operation)} does, with its own patience.
   */
  public <T> T call(String where, Operation<T> operation) {
    return call(where, patience(), operation);
  }

  /**
   * Runs an operation until it succeeds, no attempts are left, or the server has only asked to slow
   * down for too long.
   *
   * @param where the server, for the message
   * @param patience with the server
   * @throws ImageSpecException with {@link FailureCode#UNREACHABLE}, or the failure of the last
   *     attempt
   */
  public <T> T call(String where, Patience patience, Operation<T> operation) {
    int throttled = 0;
    int failed = 0;
    int stalled = 0;
    while (true) {
      try {
        Duration pause;
        try {
          T result = operation.run();
          patience.progressed();
          return result;
        } catch (RetryableException e) {
          boolean isThrottled = e.failure().code() == FailureCode.THROTTLED;
          int attempt = isThrottled ? ++throttled : ++failed;
          stalled += isStall(e.failure().getCause()) ? 1 : 0;
          if (isThrottled
              ? !patience.refused() || attempt >= attemptsThrottled
              : attempt >= attempts || stalled >= attemptsStalled) {
            throw e.failure();
          }
          pause =
              e.retryAfter()
                  .map(wait -> shorter(wait, LONGEST_WAIT))
                  .orElseGet(
                      () -> backoff(attempt, isThrottled ? LONGEST_WAIT_THROTTLED : LONGEST_WAIT));
        } catch (IOException e) {
          failed++;
          stalled += isStall(e) ? 1 : 0;
          if (failed >= attempts || stalled >= attemptsStalled) {
            throw unreachable(where, e);
          }
          pause = backoff(failed, LONGEST_WAIT);
        }
        sleeper.sleep(pause);
      } catch (InterruptedException e) {
        throw ImageSpecException.interrupted(e);
      }
    }
  }

  private static boolean isStall(@Nullable Throwable failure) {
    return failure instanceof HttpTimeoutException
        && !(failure instanceof HttpConnectTimeoutException);
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

  private Duration backoff(int attempt, Duration longest) {
    int doublings = Math.min(attempt, ATTEMPTS_LONGEST_WAIT) - 1;
    Duration most = shorter(FIRST_WAIT.multipliedBy(1L << doublings), longest);
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
            + reason(e)
            + (e instanceof SSLException
                ? ". If its certificate is your own, trust it: -Djavax.net.ssl.trustStore=FILE."
                : ". Check the host's name, the network and the proxy."),
        e);
  }

  /** Why a connection failed, for a message. */
  public static String reason(IOException e) {
    if (isCausedBy(e, UnresolvedAddressException.class)
        || isCausedBy(e, UnknownHostException.class)) {
      return "there is no host of this name";
    }
    if (isCausedBy(e, HttpConnectTimeoutException.class)) {
      return "the connection was not accepted in time";
    }
    String message = e.getMessage() == null ? "" : e.getMessage();
    if (isCausedBy(e, ConnectException.class) && (message.isEmpty() || isRefusal(message))) {
      // The JDK's client says it without a word, or in the system's own.
      return "connection refused: nothing listens there";
    }
    return message.isEmpty() ? e.getClass().getSimpleName() : message;
  }

  private static boolean isRefusal(String message) {
    return message.toLowerCase(Locale.ROOT).contains("connection refused");
  }

  private static boolean isCausedBy(Throwable e, Class<? extends Throwable> type) {
    for (Throwable cause = e; cause != null; cause = cause.getCause()) {
      if (type.isInstance(cause)) {
        return true;
      }
    }
    return false;
  }
}
