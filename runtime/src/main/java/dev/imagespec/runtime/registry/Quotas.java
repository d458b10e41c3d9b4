package dev.imagespec.runtime.registry;

import dev.imagespec.model.Registry;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;

/**
 * Keeps requests to Amazon ECR within what it takes of an account in a region, action by action.
 * Others of the account are left a fifth of it. Registries that are not Amazon's are not held back.
 */
class Quotas {
  private static final double SHARE = 0.8;

  private final LongSupplier nanoTime;
  private final RetryPolicy.Sleeper sleeper;
  private final Map<String, Pace> paces = new ConcurrentHashMap<>();

  Quotas(LongSupplier nanoTime, RetryPolicy.Sleeper sleeper) {
    this.nanoTime = nanoTime;
    this.sleeper = sleeper;
  }

  /** Returns when a request may be sent. */
  void await(Registry registry, String method, String path) throws InterruptedException {
    Optional<String> owner = owner(registry);
    if (owner.isEmpty()) {
      return;
    }
    EcrAction action = EcrAction.of(method, path);
    boolean isPublic = registry.isEcrPublic();
    paces
        .computeIfAbsent(
            owner.get() + " " + action,
            key -> new Pace(SHARE * action.perSecond(isPublic), nanoTime, sleeper))
        .await();
  }

  /** Whose quota it is, whichever end point a region is asked through; empty for no quota. */
  Optional<String> owner(Registry registry) {
    return registry.isEcrPublic()
        ? Optional.of("public")
        : registry.ecr().map(known -> known.account() + " " + known.region());
  }
}
