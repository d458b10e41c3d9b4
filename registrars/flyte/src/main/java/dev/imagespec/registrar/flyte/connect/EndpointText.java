package dev.imagespec.registrar.flyte.connect;

import dev.imagespec.runtime.ImageSpecException;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An endpoint as it is written: {@code dns:///host:port}, {@code host} or {@code https://host}. */
final class EndpointText {
  private static final Pattern FORM = Pattern.compile("(?:([a-z]+)://(/?))?([^/]*)/?");

  private EndpointText() {}

  /**
   * The address.
   *
   * @param value the text; never quoted, since somebody may put a credential into it
   * @param isPlain whether it is to be asked without TLS
   * @throws ImageSpecException if it is none
   */
  static URI parse(Value value, boolean isPlain) {
    String text = value.text();
    Matcher parts = FORM.matcher(text);
    if (text.contains("@")) {
      throw value.wrong("must not hold a user or password; configure how to authenticate instead.");
    }
    if (!parts.matches()) {
      throw value.wrong(
          "must be the host alone, with a port perhaps, such as https://union.example.com, and not"
              + " the address of a page.");
    }
    String scheme = parts.group(1) == null ? "dns" : parts.group(1);
    boolean isHttp = scheme.equals("http") || scheme.equals("https");
    if (!isHttp && !scheme.equals("dns")) {
      throw value.wrong("must begin with https://, http:// or dns:///, or be the host alone.");
    }
    try {
      URI uri =
          URI.create((isPlain ? "http://" : "https://") + parts.group(3).toLowerCase(Locale.ROOT));
      if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > 65_535) {
        throw value.wrong("must name a host, such as https://union.example.com.");
      }
      if (uri.getRawQuery() != null || uri.getRawFragment() != null) {
        throw value.wrong("must be the host alone, such as https://union.example.com.");
      }
      return uri;
    } catch (IllegalArgumentException e) {
      // Not with its message, which quotes the text.
      throw value.wrong("must name a host, such as https://union.example.com.");
    }
  }

  /** Whether it says itself that it is asked without TLS. */
  static boolean isPlain(Value value) {
    return value.text().startsWith("http://");
  }
}
