package dev.imagespec.runtime.http;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/** Delays requests so that they stay within their quotas. */
public final class Quotas {
  private final LongSupplier nanoTime;
  private final Sleeper sleeper;
  private final Map<Quota, Pace> paces = new ConcurrentHashMap<>();

  /** Quotas with another clock than this machine's, for tests. */
  public Quotas(LongSupplier nanoTime, Sleeper sleeper) {
    this.nanoTime = nanoTime;
    this.sleeper = sleeper;
  }

  /** Quotas with this machine's clock. */
  public static Quotas standard() {
    return new Quotas(System::nanoTime, Sleeper.REAL);
  }

  /** Waits until a request may be sent. */
  public void await(Quota quota) throws InterruptedException {
    paces.computeIfAbsent(quota, key -> new Pace(quota.perSecond(), nanoTime, sleeper)).await();
  }
}
