package dev.imagespec.model;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * The signal that asks a container's program to end (OCI image specification, {@code StopSignal}).
 *
 * @param text a name of Linux's signals, or a number from 1 to 64
 */
public record StopSignal(String text) {
  private static final String PREFIX = "SIG";
  private static final Pattern NUMBER = Pattern.compile("[1-9]|[1-5][0-9]|6[0-4]");

  /** Shorter ones are close to too many names. */
  private static final Pattern SLIP = Pattern.compile(PREFIX + "[A-Z][A-Z0-9+-]{2,}");

  /** The first and the last real-time signal have 15 and 14 others next to them that have names. */
  private static final int AFTER_FIRST = 15;

  private static final int BEFORE_LAST = 14;
  private static final List<String> NAMES = names();

  /**
   * A signal.
   *
   * @throws IllegalArgumentException if the text is neither a name nor a number of a signal
   */
  public StopSignal {
    if (!isSignal(text)) {
      throw new IllegalArgumentException("there is no signal \"" + text + "\"");
    }
  }

  /** Whether a text is a name or a number of a signal. */
  public static boolean isSignal(String text) {
    return NAMES.contains(text) || NUMBER.matcher(text).matches();
  }

  /** The name that was probably meant by a text that is no signal; empty if none is close. */
  public static Optional<String> meant(String text) {
    String upper = text.strip().toUpperCase(Locale.ROOT);
    String name = upper.startsWith(PREFIX) ? upper : PREFIX + upper;
    if (NAMES.contains(name)) {
      return Optional.of(name);
    }
    return SLIP.matcher(name).matches() ? Spelling.meant(name, NAMES.stream()) : Optional.empty();
  }

  private static List<String> names() {
    List<String> names = new ArrayList<>();
    for (String name :
        List.of(
            "TERM", "INT", "QUIT", "HUP", "USR1", "USR2", "WINCH", "KILL", "STOP", "ABRT", "ALRM",
            "BUS", "CHLD", "CONT", "FPE", "ILL", "IO", "IOT", "PIPE", "POLL", "PROF", "PWR", "SEGV",
            "STKFLT", "SYS", "TRAP", "TSTP", "TTIN", "TTOU", "URG", "VTALRM", "XCPU", "XFSZ",
            "RTMIN", "RTMAX")) {
      names.add(PREFIX + name);
    }
    for (int n = 1; n <= AFTER_FIRST; n++) {
      names.add(PREFIX + "RTMIN+" + n);
    }
    for (int n = 1; n <= BEFORE_LAST; n++) {
      names.add(PREFIX + "RTMAX-" + n);
    }
    return List.copyOf(names);
  }

  @Override
  public String toString() {
    return text;
  }
}
