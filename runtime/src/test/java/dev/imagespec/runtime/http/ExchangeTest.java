package dev.imagespec.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ExchangeTest {
  private final Exchange exchange = new Exchange();
  private final CompletableFuture<Void> request = new CompletableFuture<>();

  @Test
  void aRequestUnderWayIsCancelled() {
    exchange.started(request);
    assertThat(request).isNotDone();
    exchange.cancel();
    assertThat(request).isCancelled();
  }

  @Test
  void aRequestThatStartsAfterItWasGivenUpIsCancelled() {
    exchange.cancel();
    exchange.started(request);
    assertThat(request).isCancelled();
  }
}
