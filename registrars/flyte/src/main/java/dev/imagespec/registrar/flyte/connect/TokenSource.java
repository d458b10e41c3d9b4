package dev.imagespec.registrar.flyte.connect;

import dev.imagespec.runtime.ImageSpecException;

/** Gets tokens. */
interface TokenSource {
  /**
   * Gets a new token.
   *
   * @param renewal what the token before gave to get the next one; may be empty
   * @throws ImageSpecException if it gets none
   */
  Token fetch(String renewal);
}
