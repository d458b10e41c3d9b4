package dev.imagespec.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** What Java's log of collections says of the heap. */
final class HeapLog {
  private static final String FILE = "gc.log";

  /**
   * As in {@code Pause Young (Allocation Failure) 69M->5M(123M)}, or at the end {@code used
   * 12345K}.
   */
  private static final Pattern USED =
      Pattern.compile("(?:Pause .* (\\d+)M->\\d+M\\(\\d+M\\))|(?:total \\d+K, used (\\d+)K)");

  private HeapLog() {}

  /** Flags with which Java writes it into its working directory. */
  static List<String> flags() {
    // It starts small and grows as needed, so that its peak says what is needed.
    return List.of("-Xms16m", "-Xmx1g", "-Xlog:gc,gc+heap+exit:file=" + FILE);
  }

  /** The most that was used, before a collection or at the end; 0 without a log. */
  static double peakMegabytes(Path folder) throws IOException {
    Path log = folder.resolve(FILE);
    if (!Files.exists(log)) {
      return 0;
    }
    double peak = 0;
    double atTheEnd = 0;
    for (MatchResult match : USED.matcher(Files.readString(log)).results().toList()) {
      if (match.group(1) != null) {
        peak = Math.max(peak, Double.parseDouble(match.group(1)));
      } else {
        // Generations and the rest of memory, a line each: the first are the heap's two.
        atTheEnd += Double.parseDouble(match.group(2)) / 1024;
      }
    }
    return Math.max(peak, atTheEnd);
  }
}
