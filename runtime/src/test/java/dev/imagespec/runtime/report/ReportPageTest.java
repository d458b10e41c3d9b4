package dev.imagespec.runtime.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.imagespec.json.Json;
import dev.imagespec.model.Digest;
import dev.imagespec.runtime.Failure;
import dev.imagespec.runtime.FailureCode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class ReportPageTest {
  private static final Pattern SCRIPT = Pattern.compile("<script>(.*?)</script>", Pattern.DOTALL);
  private static final Pattern STYLE = Pattern.compile("<style>(.*?)</style>", Pattern.DOTALL);
  private static final Pattern DATA =
      Pattern.compile(
          "<script id=\"data\" type=\"application/json\">(.*?)</script>", Pattern.DOTALL);

  private static Report report(String text) {
    return new Report(
        Report.Kind.PLAN,
        Instant.EPOCH,
        text,
        text,
        Map.of(),
        List.of(),
        new Report.Traffic(Set.of(), Set.of()),
        List.of(),
        List.of(new Failure(List.of(text), text, FailureCode.DENIED, text)),
        List.of(text),
        0,
        Duration.ZERO);
  }

  private static String found(Pattern pattern, String page) {
    Matcher matcher = pattern.matcher(page);
    assertThat(matcher.find()).as(pattern.pattern()).isTrue();
    String text = matcher.group(1);
    assertThat(matcher.find()).as("only one " + pattern.pattern()).isFalse();
    return text;
  }

  private static String note(String text) {
    Map<?, ?> data = (Map<?, ?>) Json.parse(found(DATA, ReportPage.of(report(text))));
    assertThat(data.get("notes")).isInstanceOf(List.class);
    return data.get("notes") instanceof List<?> notes ? String.valueOf(notes.get(0)) : "";
  }

  @Test
  void noTextLeavesTheData() {
    for (String hostile :
        List.of(
            "</script><script>alert(1)</script>",
            "<!--<script>",
            "]]></SCRIPT >",
            "{{script}} {{data}} {{style-hash}}",
            "\"'`\\\"</",
            "&lt;/script&gt;")) {
      String page = ReportPage.of(report(hostile));
      String data = found(DATA, page);
      assertThat(data).doesNotContain("<", ">", "&");
      assertThat(page.split("(?i)<script", -1)).as(hostile).hasSize(3);
      assertThat(note(hostile)).isEqualTo(hostile);
    }
  }

  @Test
  void noTextChangesTheOrderOrHidesItself() {
    assertThat(note("a\u202Eb\u2066c\u200Fd")).isEqualTo("a\\u202eb\\u2066c\\u200fd");
    assertThat(note("nul\u0000 esc\u001b[31m")).isEqualTo("nul\\u0000 esc\\u001b[31m");
    assertThat(note("half \ud800 of a pair")).isEqualTo("half \\ud800 of a pair");
    assertThat(note("lines\u2028apart")).isEqualTo("lines\\u2028apart");
    assertThat(note("שלום, two\nlines")).isEqualTo("שלום, two\nlines");
  }

  @Test
  void aLongTextIsCut() {
    assertThat(note("x".repeat(1_000_000))).hasSize(4001).endsWith("…");
  }

  @Test
  void thePolicyAllowsThePagesOwnStyleAndScriptAndNothingElse() {
    String page = ReportPage.of(report("x"));
    assertThat(page)
        .contains(
            "content=\"default-src 'none'; style-src "
                + hash(found(STYLE, page))
                + "; script-src "
                + hash(found(SCRIPT, page))
                + "; img-src data:; base-uri 'none'; form-action 'none';"
                + " require-trusted-types-for 'script'; trusted-types 'none'\"");
    assertThat(page).doesNotContain("{{", "unsafe", "src=", "@import", "url(");
  }

  private static String hash(String text) {
    byte[] hash = Digest.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
    return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
  }

  @Test
  void theScriptMakesNoMarkupOfTexts() {
    String script = found(SCRIPT, ReportPage.of(report("x")));
    assertThat(script)
        .contains("textContent")
        .doesNotContain("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(")
        .doesNotContain("fetch(", "XMLHttpRequest", "WebSocket", "sendBeacon", "import(");
  }
}
