package dev.imagespec.registrar.flyte.connect;

import dev.imagespec.runtime.ImageSpecException;
import java.util.Locale;

/** The ways to prove who asks, as they are configured. */
enum Way {
  CLIENT_SECRET,
  EXTERNAL_COMMAND,
  API_KEY,
  DEVICE_FLOW,
  NONE,
  /** Opens a browser on this machine. */
  PKCE,
  /** Takes what a program's caller has. */
  PASSTHROUGH;

  /**
   * Reads {@code client-secret}, or {@code ClientSecret} as files have it.
   *
   * @throws ImageSpecException if there is no such way
   */
  static Way of(Value value) {
    String word = value.text().toLowerCase(Locale.ROOT).replaceAll("[-_]", "");
    for (Way way : values()) {
      if (way.name().replace("_", "").toLowerCase(Locale.ROOT).equals(word)) {
        return way;
      }
    }
    throw value.wrong(
        "must be client-secret, external-command, api-key, device-flow or none (in a file,"
            + " ClientSecret, ExternalCommand or DeviceFlow).");
  }
}
