package dev.imagespec.runtime;

import java.time.Duration;
import java.util.Locale;

/** Bytes and times, as people read them. */
final class Amount {
  private static final double MILLION = 1e6;
  private static final int THOUSAND = 1000;
  private static final int MINUTE = 60;
  private static final int HOUR = 60 * MINUTE;
  private static final int TEN = 10;

  private Amount() {}

  /** Bytes, such as {@code 12.3 MB}. */
  static String bytes(long bytes) {
    return number(bytes, bytes) + " " + unit(bytes);
  }

  /** Some of all bytes, in one unit, such as {@code 1.2 of 12.3 MB}. */
  static String part(long some, long all) {
    return number(some, all) + " of " + bytes(all);
  }

  /** Bytes per second, such as {@code 12.3 MB/s}. */
  static String rate(double bytesPerSecond) {
    return bytes((long) bytesPerSecond) + "/s";
  }

  private static String number(long bytes, long scale) {
    return scale < MILLION
        ? String.valueOf((bytes + THOUSAND - 1) / THOUSAND)
        : String.format(Locale.ROOT, "%.1f", bytes / MILLION);
  }

  private static String unit(long scale) {
    return scale < MILLION ? "kB" : "MB";
  }

  /** A time, such as {@code 4.2 s}, {@code 42 s}, {@code 3 min 5 s} or {@code 1 h 2 min}. */
  static String time(Duration time) {
    long seconds = time.toSeconds();
    if (seconds < TEN) {
      return String.format(Locale.ROOT, "%.1f s", time.toMillis() / (double) THOUSAND);
    }
    if (seconds < MINUTE) {
      return seconds + " s";
    }
    return seconds < HOUR
        ? seconds / MINUTE + " min " + seconds % MINUTE + " s"
        : seconds / HOUR + " h " + seconds % HOUR / MINUTE + " min";
  }
}
