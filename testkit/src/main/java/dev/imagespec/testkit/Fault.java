package dev.imagespec.testkit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;
import java.util.function.Predicate;

/** A fault in some of the requests for an operation. */
public class Fault {
  /** What the server does with the request. */
  enum Kind {
    RESPOND,
    REPLACE,
    RESET,
    TRUNCATE,
    STALL,
    HANG,
    DRIP,
    FLOOD,
    RUN
  }

  private static final long SECOND = 1_000_000_000;

  private final String operation;
  private final AtomicInteger times;
  final Kind kind;
  final int status;
  final String body;
  final Map<String, String> headers;
  final Runnable action;

  private Fault(
      String operation,
      int times,
      Kind kind,
      int status,
      String body,
      Map<String, String> headers,
      Runnable action) {
    this.operation = operation;
    this.times = new AtomicInteger(times);
    this.kind = kind;
    this.status = status;
    this.body = body;
    this.headers = Map.copyOf(headers);
    this.action = action;
  }

  private Fault(Fault template) {
    this(
        template.operation,
        Integer.MAX_VALUE,
        template.kind,
        template.status,
        template.body,
        template.headers,
        template.action);
  }

  /** Strikes what exceeds a number of requests in each second. */
  private static final class Limit extends Fault {
    private final Predicate<String> operations;
    private final int perSecond;
    private final LongSupplier nanoTime;
    private final Deque<Long> taken = new ArrayDeque<>();

    private Limit(
        Fault template, Predicate<String> operations, int perSecond, LongSupplier nanoTime) {
      super(template);
      this.operations = operations;
      this.perSecond = perSecond;
      this.nanoTime = nanoTime;
    }

    @Override
    synchronized boolean strikes(String asked) {
      if (!operations.test(asked)) {
        return false;
      }
      long now = nanoTime.getAsLong();
      while (!taken.isEmpty() && now - taken.peekFirst() >= SECOND) {
        taken.removeFirst();
      }
      if (taken.size() >= perSecond) {
        return true;
      }
      taken.addLast(now);
      return false;
    }
  }

  /**
   * Sends another response.
   *
   * @param operation as in {@link Journal.Entry#operation}
   * @param times the number of requests that it affects
   */
  public static Fault respond(
      String operation, int times, int status, String body, Map<String, String> headers) {
    return new Fault(operation, times, Kind.RESPOND, status, body, headers, () -> {});
  }

  /** Does what is asked, and then sends another response, as a proxy that loses the right one. */
  public static Fault replace(String operation, int times, int status, String body) {
    return new Fault(operation, times, Kind.REPLACE, status, body, Map.of(), () -> {});
  }

  /** Throttles: sends 429, or the API's {@code ThrottlingException}. */
  public static Fault throttle(String operation, int times) {
    boolean data = operation.contains(" ") || operation.equals("MOUNT");
    return respond(
        operation,
        times,
        data ? 429 : 400,
        data
            ? "{\"errors\":[{\"code\":\"TOOMANYREQUESTS\",\"message\":\"Rate exceeded\"}]}"
            : "{\"__type\":\"ThrottlingException\",\"message\":\"Rate exceeded\"}",
        Map.of());
  }

  /**
   * Throttles an operation above a number of requests in a second, like Amazon ECR's quotas.
   *
   * @param nanoTime the clock, in nanoseconds
   */
  public static Fault limit(String operation, int perSecond, LongSupplier nanoTime) {
    Fault template = throttle(operation, Integer.MAX_VALUE);
    return new Limit(template, operation::equals, perSecond, nanoTime);
  }

  /**
   * Sends 429 for any operation above a number of requests in a second, and asks to wait a second.
   *
   * @param nanoTime the clock, in nanoseconds
   */
  public static Fault limit(int perSecond, LongSupplier nanoTime) {
    return new Limit(throttleAll(Map.of("Retry-After", "1")), asked -> true, perSecond, nanoTime);
  }

  /**
   * Sends 429 for some requests at random, whatever their operation.
   *
   * @param share how many of all requests, from 0 to 1
   */
  public static Fault throttleSome(double share, long seed, Map<String, String> headers) {
    Random random = new Random(seed);
    return new Fault(throttleAll(headers)) {
      @Override
      synchronized boolean strikes(String asked) {
        return random.nextDouble() < share;
      }
    };
  }

  private static Fault throttleAll(Map<String, String> headers) {
    Fault template = throttle("GET any", Integer.MAX_VALUE);
    return respond("", Integer.MAX_VALUE, template.status, template.body, headers);
  }

  /** Sends status 500. */
  public static Fault serverError(String operation, int times) {
    return respond(operation, times, 500, "", Map.of());
  }

  /** Closes the connection without a response. */
  public static Fault reset(String operation, int times) {
    return new Fault(operation, times, Kind.RESET, 0, "", Map.of(), () -> {});
  }

  /** Closes the connection in the middle of the response body. */
  public static Fault truncate(String operation, int times) {
    return new Fault(operation, times, Kind.TRUNCATE, 0, "", Map.of(), () -> {});
  }

  /** Sends half of the response body, and nothing more until the server is closed. */
  public static Fault stall(String operation, int times) {
    return new Fault(operation, times, Kind.STALL, 0, "", Map.of(), () -> {});
  }

  /** Sends no response until the server is closed. */
  public static Fault hang(String operation, int times) {
    return new Fault(operation, times, Kind.HANG, 0, "", Map.of(), () -> {});
  }

  /**
   * Starts a response, and then sends ten bytes of its body a second until the server is closed.
   */
  public static Fault drip(String operation, int times) {
    return trickle(operation, times, 10);
  }

  /**
   * Starts a response, and then sends its body at this speed, in ten parts a second, until the
   * server is closed.
   */
  public static Fault trickle(String operation, int times, int bytesPerSecond) {
    return new Fault(
        operation, times, Kind.DRIP, 200, " ".repeat(bytesPerSecond / 10), Map.of(), () -> {});
  }

  /** Sends a response with a body that does not end. */
  public static Fault flood(String operation, int times, int status) {
    return new Fault(operation, times, Kind.FLOOD, status, "", Map.of(), () -> {});
  }

  /** Runs an action before the usual response, for example another client's push. */
  public static Fault first(String operation, Runnable action) {
    return before(operation, 1, action);
  }

  /**
   * Runs an action before the usual response to one request, whatever its operation.
   *
   * @param request its number, from 1
   */
  public static Fault at(int request, Runnable action) {
    AtomicInteger left = new AtomicInteger(request);
    return new Fault(before("", Integer.MAX_VALUE, action)) {
      @Override
      boolean strikes(String asked) {
        return left.decrementAndGet() == 0;
      }
    };
  }

  /** Runs an action before the usual response of each of some requests. */
  public static Fault before(String operation, int times, Runnable action) {
    return new Fault(operation, times, Kind.RUN, 0, "", Map.of(), action);
  }

  /** Whether it affects this request. If so, counts the request. */
  boolean strikes(String asked) {
    return asked.equals(operation) && times.getAndUpdate(n -> Math.max(0, n - 1)) > 0;
  }
}
