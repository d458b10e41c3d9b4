package dev.imagespec.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.Test;

class LiveAreaTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final LiveArea area = new LiveArea(new PrintStream(bytes, true, StandardCharsets.UTF_8));

  private String output() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  private List<String> shown() {
    return DrawnTerminal.after(output());
  }

  @Test
  void linesAreDrawnInPlaceOfThoseBefore() {
    area.show(List.of("a", "b", "c"));
    assertThat(shown()).containsExactly("a", "b", "c");
    area.show(List.of("A"));
    assertThat(shown()).containsExactly("A");
    area.show(List.of("A", "é"));
    assertThat(shown()).containsExactly("A", "é");
    int before = bytes.size();
    area.show(List.of("A", "é"));
    assertThat(bytes.size()).as("nothing is written for the same picture").isEqualTo(before);
  }

  @Test
  void whatOthersPrintAppearsAbove() {
    PrintWriter err = Terminal.writer(area);
    PrintStream log = Terminal.stream(area);
    area.show(List.of("one", "two"));
    err.println("warning");
    assertThat(shown()).containsExactly("warning", "one", "two");
    log.println("a log line");
    area.print("kept");
    area.show(List.of("one", "TWO"));
    assertThat(shown()).containsExactly("warning", "a log line", "kept", "one", "TWO");
  }

  @Test
  void aLineThatIsPrintedInPartsStaysInOnePiece() {
    PrintWriter err = Terminal.writer(area);
    area.show(List.of("one"));
    err.print("half");
    err.flush();
    assertThat(shown()).containsExactly("half");
    area.show(List.of("two"));
    assertThat(shown()).containsExactly("half");
    err.println(" whole");
    assertThat(shown()).containsExactly("half whole", "two");
  }

  @Test
  void afterItsEndNothingIsDrawnAndOtherOutputIsUntouched() {
    area.show(List.of("one", "two"));
    area.end();
    assertThat(shown()).isEmpty();
    area.show(List.of("late"));
    assertThat(shown()).isEmpty();
    bytes.reset();
    Terminal.writer(area).println("interrupted");
    assertThat(output()).isEqualTo("interrupted" + System.lineSeparator());
  }
}
