package dev.imagespec.registrar.flyte.connect;

import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.work.Once;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The token of a connection, in memory alone. However many requests need it, it is asked for once,
 * and once again before it expires, or if the endpoint rejects it.
 */
final class Tokens {
  /** There is one token. */
  private static final String ONLY = "token";

  private final TokenSource source;
  private final LongSupplier nanoTime;
  private final Once<String, Token> once = new Once<>();
  private volatile String renewal = "";

  /** Why there is no token. To ask for each task again would lock some accounts. */
  private final AtomicReference<@Nullable ImageSpecException> failure = new AtomicReference<>();

  Tokens(TokenSource source, LongSupplier nanoTime) {
    this.source = source;
    this.nanoTime = nanoTime;
  }

  /**
   * The token.
   *
   * @throws ImageSpecException if there is none
   */
  Token get() {
    Token token = once.get(ONLY, this::fetch);
    if (token.isStale(nanoTime.getAsLong())) {
      once.forget(ONLY, token);
      return once.get(ONLY, this::fetch);
    }
    return token;
  }

  /** Says that the endpoint does not take a token. */
  void reject(Token token) {
    once.forget(ONLY, token);
  }

  private Token fetch() {
    ImageSpecException before = failure.get();
    if (before != null) {
      throw before;
    }
    try {
      Token token = source.fetch(renewal);
      renewal = token.renewal();
      return token;
    } catch (ImageSpecException e) {
      if (e.code() != FailureCode.INTERRUPTED) {
        failure.set(e);
      }
      throw e;
    }
  }
}
