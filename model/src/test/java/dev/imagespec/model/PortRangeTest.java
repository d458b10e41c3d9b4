package dev.imagespec.model;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PortRangeTest {
  @Test
  void aRangeIsEachOfItsPortsByItself() {
    assertThat(PortRange.parse("9000-9002/udp").exposed())
        .containsExactly("9000/udp", "9001/udp", "9002/udp");
    assertThat(PortRange.parse("1-65535").exposed()).hasSize(65_535).endsWith("65535/tcp");
    assertThat(PortRange.parse("80-80").exposed()).containsExactly("80/tcp");
  }

  @Test
  void aPortWithoutAProtocolIsTcp() {
    assertThat(PortRange.parse("00080").exposed()).containsExactly("80/tcp");
    assertThat(PortRange.parse("00080").written()).containsExactly("80");
    assertThat(PortRange.parse("80/tcp").exposed()).containsExactly("80/tcp");
    assertThat(PortRange.parse("80/tcp").written()).containsExactly("80/tcp");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "0",
        "65536",
        "99999999",
        "9-8",
        "0-1",
        "1-65536",
        "a",
        "80/",
        "80/sctp",
        "80/TCP",
        "-80",
        "80-",
        "80 ",
        "80\n",
        "٨٠"
      })
  void whatIsNoPortIsRefused(String text) {
    assertThatThrownBy(() -> PortRange.parse(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"" + text + "\" is no port");
  }
}
