package dev.imagespec.model;

import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * One port or a range of ports that an image listens on, written as {@code port[-port][/protocol]}.
 *
 * @param first the lowest port
 * @param last the highest port; equal to {@code first} for a single port
 * @param protocol {@code tcp}, {@code udp}, or empty, which means {@code tcp}
 */
public record PortRange(int first, int last, String protocol) {
  private static final Pattern FORM =
      Pattern.compile("([0-9]{1,5})(?:-([0-9]{1,5}))?(?:/(tcp|udp))?");
  private static final int MAX = 65_535;

  /**
   * Reads a port or a range.
   *
   * @throws IllegalArgumentException if the text is neither, or a port is not between 1 and 65535
   */
  public static PortRange parse(String text) {
    Matcher matcher = FORM.matcher(text);
    if (matcher.matches()) {
      int first = Integer.parseInt(matcher.group(1));
      int last = matcher.group(2) == null ? first : Integer.parseInt(matcher.group(2));
      if (first >= 1 && first <= last && last <= MAX) {
        return new PortRange(first, last, matcher.group(3) == null ? "" : matcher.group(3));
      }
    }
    throw new IllegalArgumentException(
        "\""
            + text
            + "\" is no port: write a port from 1 to "
            + MAX
            + ", as 8080 or 9000-9010/udp");
  }

  /** Each port with its protocol, as in an image's configuration: {@code 53/udp}. */
  public List<String> exposed() {
    return each("/" + (protocol.isEmpty() ? "tcp" : protocol));
  }

  /** Each port, with its protocol only if one was written. */
  public List<String> written() {
    return each(protocol.isEmpty() ? "" : "/" + protocol);
  }

  private List<String> each(String suffix) {
    return IntStream.rangeClosed(first, last).mapToObj(port -> port + suffix).toList();
  }
}
