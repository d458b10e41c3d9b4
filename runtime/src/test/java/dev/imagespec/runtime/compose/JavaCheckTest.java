package dev.imagespec.runtime.compose;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JavaCheckTest {
  @ParameterizedTest
  @CsvSource({
    "jdk-17.0.13+11, 17",
    "jdk8u432-b06, 8",
    "jdk-21.0.5+11_openj9-0.48.0, 21",
    "8u342, 8",
    "1.8.0_432, 8",
    "11, 11",
    "18-ea, 18",
    "java17, 17",
    "25.0.1, 25"
  })
  void theReleaseOfAVersion(String version, int release) {
    assertThat(JavaCheck.release(version)).hasValue(release);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "latest", "2024.1", "v17", "17lts", "jdk", "17\nx"})
  void aTextOfAnotherFormSaysNothing(String version) {
    assertThat(JavaCheck.release(version)).isEmpty();
  }
}
