package dev.imagespec.check;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class MaskedTextTest {
  @ParameterizedTest
  @CsvSource({
    "AWS_SECRET_ACCESS_KEY, abc, ***",
    "MY_PASSWORD, hunter2, ***",
    "MY_PASSWORD_FILE, /run/secrets/x, /run/secrets/x",
    "TZ, CET, CET",
    "URL, https://user:secret@host/x, https://***@host/x",
    "NOTE, ghp_0123456789012345678901234567890123456789, ghp_***"
  })
  void aVariableThatMayHoldASecretIsMasked(String name, String value, String shown) {
    assertThat(MaskedText.ofVariable(name, value)).isEqualTo(shown);
  }

  @Test
  void anEmptyValueIsNoSecret() {
    assertThat(MaskedText.ofVariable("MY_PASSWORD", "")).isEmpty();
  }
}
