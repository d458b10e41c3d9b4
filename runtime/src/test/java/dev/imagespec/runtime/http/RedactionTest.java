package dev.imagespec.runtime.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class RedactionTest {
  /** Has what JSON, addresses, Base64 and headers each write in another way. */
  private static final String PASSWORD = "p\"ä\\%+/ s  \uD83D\uDE00w?~";

  private static final Redaction REDACTION = new Redaction();

  static {
    REDACTION.addFrom(Map.of("Authorization", "Basic " + base64("me:" + PASSWORD)));
  }

  private static String base64(String text) {
    return Base64.getEncoder().encodeToString(bytes(text));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String json(String text) {
    return new String(JsonStringEncoder.getInstance().quoteAsString(text));
  }

  private static String ascii(String text) {
    return text.chars()
        .mapToObj(c -> String.format(Locale.ROOT, "\\u%04X", c))
        .collect(Collectors.joining());
  }

  static Stream<String> spellings() {
    String percent = URLEncoder.encode(PASSWORD, StandardCharsets.UTF_8);
    return Stream.of(
        PASSWORD,
        PASSWORD.replace("  ", " "),
        PASSWORD.toUpperCase(Locale.ROOT),
        new String(bytes(PASSWORD), StandardCharsets.ISO_8859_1),
        json(PASSWORD),
        json(PASSWORD).replace("/", "\\/"),
        ascii(PASSWORD),
        percent,
        percent.replace("+", "%20").toLowerCase(Locale.ROOT),
        base64(PASSWORD),
        base64("me:" + PASSWORD),
        base64("me:" + PASSWORD).replace("=", ""),
        Base64.getUrlEncoder().encodeToString(bytes(PASSWORD)),
        Base64.getUrlEncoder().encodeToString(bytes("me:" + PASSWORD)),
        URLEncoder.encode(base64("me:" + PASSWORD), StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @MethodSource("spellings")
  void everySpellingIsMasked(String spelling) {
    assertThat(REDACTION.apply("before " + spelling + " after"))
        .matches("before \\*\\*\\*(=|%3D)* after");
    assertThat(REDACTION.finds(spelling)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("spellings")
  void whatWasCutOffWithinASecretIsMasked(String spelling) {
    String start = spelling.substring(0, spelling.length() * 2 / 3);
    assertThat(REDACTION.apply("before " + start + "…")).isEqualTo("before ***…");
  }

  @Test
  void allOtherTextStays() {
    String text = "a\\b \"c\" 100% of me: ***, +p\"ä…";
    assertThat(REDACTION.apply(text)).isEqualTo(text);
    assertThat(REDACTION.finds(text)).isFalse();
  }

  @Test
  void overlappingSecretsAreMaskedWhole() {
    Redaction redaction = new Redaction();
    redaction.add("abcdef");
    redaction.add("defghi");
    redaction.add("abc");
    assertThat(redaction.apply("<abcdefghi> abc")).isEqualTo("<***> abc");
  }

  @Test
  void anExceptionWhoseCauseTellsASecretIsReplaced() {
    IOException harmless = new IOException("closed");
    assertThat(REDACTION.apply(harmless)).isSameAs(harmless);
    IOException telling = new IOException("broken", new IOException(base64("me:" + PASSWORD)));
    assertThat(REDACTION.apply(telling)).hasMessage("broken").hasNoCause();
  }
}
