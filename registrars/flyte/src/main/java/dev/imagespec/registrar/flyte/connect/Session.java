package dev.imagespec.registrar.flyte.connect;

import dev.imagespec.runtime.http.Redaction;
import dev.imagespec.runtime.http.Sleeper;
import java.net.URI;
import java.util.function.LongSupplier;

/** What is needed to get a token for an endpoint. */
record Session(
    Configuration configuration,
    Channel channel,
    Metadata metadata,
    TokenEndpoint tokens,
    LongSupplier nanoTime,
    Sleeper sleeper) {

  static Session of(
      Configuration configuration, Channel channel, LongSupplier nanoTime, Sleeper sleeper) {
    return new Session(
        configuration,
        channel,
        new Metadata(channel, configuration.endpoint(), configuration.oauth().tokenUrl()),
        new TokenEndpoint(channel, nanoTime),
        nanoTime,
        sleeper);
  }

  URI endpoint() {
    return configuration.endpoint();
  }

  Redaction redaction() {
    return channel.redaction();
  }

  /** What to ask the authorization server for. */
  Grant grant() {
    return Grant.of(configuration.oauth(), metadata);
  }

  /** The header that takes a token. */
  String header() {
    return Grant.header(configuration.oauth(), metadata);
  }
}
