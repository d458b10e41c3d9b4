package dev.imagespec.registrar.flyte;

import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.util.Optional;

/** Which of Flyte's interfaces an endpoint speaks. */
enum Api {
  /** FlyteAdmin, by its HTTP gateway. */
  FLYTE_1("1"),
  /** Flyte 2 and Union: {@code flyteidl2}, by the Connect protocol. */
  FLYTE_2("2");

  private final String number;

  Api(String number) {
    this.number = number;
  }

  /** The value of the setting. */
  String number() {
    return number;
  }

  /** The interface that a setting names; Flyte 2 if there is none. */
  static Api of(Optional<String> setting) {
    String text = setting.map(String::strip).orElse("2");
    for (Api api : values()) {
      if (api.number.equals(text)) {
        return api;
      }
    }
    throw new ImageSpecException(
        FailureCode.INVALID_SETTING,
        "imagespec.flyte.api is \""
            + text
            + "\"; it is 2 for Flyte 2 and Union, which is the default, or 1 for Flyte 1.");
  }
}
