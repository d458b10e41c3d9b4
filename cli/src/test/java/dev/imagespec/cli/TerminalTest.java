package dev.imagespec.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalTest {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

  private String printed() {
    return bytes.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @CsvSource({
    "0x1b, \\u001b",
    "0x9b, \\u009b",
    "0x0d, \\u000d",
    "0x202e, \\u202e",
    "0xe0041, \\udb40\\udc41"
  })
  void whatATerminalWouldObeyIsShown(String codePoint, String escaped) {
    String text = "é" + Character.toString(Integer.decode(codePoint)) + "[2J文";
    PrintWriter writer = Terminal.writer(bytes);
    writer.println(text);
    assertThat(printed()).isEqualTo("é" + escaped + "[2J文" + System.lineSeparator());
    bytes.reset();
    PrintStream stream = Terminal.stream(bytes);
    stream.println(text);
    assertThat(printed()).isEqualTo("é" + escaped + "[2J文" + System.lineSeparator());
  }

  @Test
  void aCharacterOfTwoUnitsThatArriveApartIsPrinted() {
    PrintWriter writer = Terminal.writer(bytes);
    writer.write("\ud83d");
    writer.write("\udc69");
    writer.flush();
    assertThat(printed()).isEqualTo("👩");
  }

  @Test
  void whatHasNoLineEndIsPrintedWhenItIsFlushedOrClosed() {
    PrintWriter writer = Terminal.writer(bytes);
    writer.print("a");
    assertThat(printed()).isEmpty();
    writer.flush();
    assertThat(printed()).isEqualTo("a");
    PrintStream stream = Terminal.stream(bytes);
    stream.print("b");
    stream.close();
    assertThat(printed()).isEqualTo("ab\n");
  }
}
