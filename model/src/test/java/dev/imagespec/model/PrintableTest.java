package dev.imagespec.model;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "two\nlines\tand a tab", "Ünïcode 文字 👩‍💻 \u200c", "\\u001b"})
  void whatIsPrintableStays(String text) {
    assertThat(Printable.text(text)).isSameAs(text);
  }

  @ParameterizedTest
  @CsvSource({
    "0x00, \\u0000",
    "0x0d, \\u000d",
    "0x1b, \\u001b",
    "0x7f, \\u007f",
    "0x9b, \\u009b",
    "0x2028, \\u2028",
    "0x202e, \\u202e",
    "0x2066, \\u2066",
    "0x200f, \\u200f",
    "0xd800, \\ud800",
    "0xe0041, \\udb40\\udc41"
  })
  void whatIsNotIsEscaped(String codePoint, String escaped) {
    String text = "a" + Character.toString(Integer.decode(codePoint)) + "b";
    assertThat(Printable.text(text)).isEqualTo("a" + escaped + "b");
  }

  @Test
  void aLineHasSpacesForLineEndsAndControlCharacters() {
    assertThat(Printable.line("\u001b\r\na\u0085\u2028 b\u202e\n")).isEqualTo("a b\\u202e");
  }

  @Test
  void aLineFeedIsPrintableInTextsOfSeveralLinesAlone() {
    assertThat(Printable.isPrintable('\n')).isFalse();
    assertThat(Printable.isPrintable('\t')).isFalse();
  }
}
