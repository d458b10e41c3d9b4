package dev.imagespec.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The grammar of {@code k8s.io/apimachinery/pkg/api/resource/quantity.go}. */
class QuantityTest {
  @ParameterizedTest
  @CsvSource({
    "0, 0",
    "2, 2",
    "+2, 2",
    "2., 2",
    ".5, 0.5",
    "500m, 0.5",
    "1.5G, 1500000000",
    "1k, 1000",
    "1Ki, 1024",
    "1.5Gi, 1610612736",
    "1Ei, 1152921504606846976",
    "1E, 1000000000000000000",
    "1E3, 1000",
    "2e-3, 0.002",
    "5n, 0.000000005",
    "7u, 0.000007"
  })
  void aQuantityHasAnAmount(String text, BigDecimal amount) {
    assertThat(Quantity.parse(text).amount()).isEqualByComparingTo(amount);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", "-1", "1 Gi", "1gi", "1KI", "1K", "512MB", "1mi", "much", "1e1000", "0x1", "1_0", ".",
        "1.2.3", "1ii", "٣"
      })
  void somethingElseIsNone(String text) {
    assertThatThrownBy(() -> Quantity.parse(text)).isInstanceOf(IllegalArgumentException.class);
  }

  @ParameterizedTest
  @CsvSource({
    "512MB, 512M",
    "512mb, 512M",
    "1 Gi, 1Gi",
    "1gi, 1Gi",
    "2GiB, 2Gi",
    "1K, 1k",
    "1KB, 1k",
    "1kib, 1Ki"
  })
  void aSlipIsUnderstood(String text, String meant) {
    assertThat(Quantity.meant(text)).contains(meant);
  }

  @Test
  void whatIsNoSlipMeansNothing() {
    assertThat(Quantity.meant("much")).isEmpty();
    assertThat(Quantity.meant("2 cores")).isEmpty();
    assertThat(Quantity.meant("-1Gi")).isEmpty();
  }

  @Test
  void amountsAreComparedInWhateverUnits() {
    assertThat(Quantity.parse("1000m")).isEqualByComparingTo(Quantity.parse("1"));
    assertThat(Quantity.parse("1Gi")).isGreaterThan(Quantity.parse("1G"));
    assertThat(Quantity.parse("512m").isWholeIn(BigDecimal.ONE)).isFalse();
    assertThat(Quantity.parse("1500m").isWholeIn(new BigDecimal("0.001"))).isTrue();
  }
}
