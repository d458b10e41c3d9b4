package dev.imagespec.runtime.report;

import dev.imagespec.model.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/**
 * A report as one HTML page that needs nothing else. Its policy allows this style and this script
 * alone, by their hashes, and no connection to anywhere; the script makes no markup of texts.
 */
public final class ReportPage {
  private ReportPage() {}

  /** The page. */
  public static String of(Report report) {
    String style = resource("report.css");
    String script = resource("report.js");
    // The data last: no text of it can stand for another part of the page.
    return resource("report.html")
        .replace("{{style-hash}}", hash(style))
        .replace("{{script-hash}}", hash(script))
        .replace("{{style}}", style)
        .replace("{{script}}", script)
        .replace("{{data}}", inScript(ReportJson.of(report)));
  }

  /** JSON that stays JSON, and inside of its element, whatever texts it has. */
  private static String inScript(String json) {
    StringBuilder out = new StringBuilder(json.length());
    for (int i = 0; i < json.length(); i++) {
      char c = json.charAt(i);
      if (c == '<' || c == '>' || c == '&' || c == '\u2028' || c == '\u2029') {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.toString();
  }

  private static String hash(String text) {
    byte[] hash = Digest.sha256().digest(text.getBytes(StandardCharsets.UTF_8));
    return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
  }

  private static String resource(String name) {
    try (InputStream in = ReportPage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalStateException("the resource " + name + " is missing");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
