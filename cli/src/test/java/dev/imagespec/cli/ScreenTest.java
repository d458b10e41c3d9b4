package dev.imagespec.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScreenTest {
  @ParameterizedTest
  @CsvSource({
    "'50 132', 132, 50",
    "'0 0', 100, 33",
    "'', 100, 33",
    "'1 5', 20, 3",
    "'99999999 3', 100, 33"
  })
  void aSizeThatTheTerminalDoesNotKnowIsTakenFromTheVariables(String size, int columns, int rows) {
    Screen screen = Screen.of(size, Map.of("COLUMNS", "100", "LINES", "33"));
    assertThat(screen.columns()).isEqualTo(columns);
    assertThat(screen.rows()).isEqualTo(rows);
  }

  @Test
  void aSizeThatNobodyKnowsIsTheUsualOne() {
    Screen screen = Screen.of("0 0", Map.of("COLUMNS", "-4", "LINES", "x"));
    assertThat(screen).isEqualTo(new Screen(80, 24, true));
  }

  @ParameterizedTest
  @CsvSource({"'', true", "1, false", "0, false"})
  void colours(String noColor, boolean isColoured) {
    assertThat(Screen.of("50 132", Map.of("NO_COLOR", noColor)).isColoured()).isEqualTo(isColoured);
  }

  @Test
  void onADumbTerminalNothingIsDrawn() {
    assertThat(Screen.canDraw(Map.of("TERM", "xterm"))).isTrue();
    assertThat(Screen.canDraw(Map.of("TERM", "dumb"))).isFalse();
    assertThat(Screen.canDraw(Map.of())).isFalse();
  }

  @Test
  void aPipeIsNoTerminal() {
    assertThat(Screen.ofStderr(Map.of("TERM", "xterm"))).isEmpty();
  }
}
