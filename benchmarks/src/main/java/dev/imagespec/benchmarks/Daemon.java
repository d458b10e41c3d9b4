package dev.imagespec.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Processes of the harness's that work for the tools that it times: those with these programs.
 *
 * @param programs names of programs
 */
record Daemon(List<String> programs) {
  static final Daemon NONE = new Daemon(List.of());

  private static final Pattern PEAK = Pattern.compile("VmHWM:\\s*(\\d+)");

  private List<ProcessHandle> processes() {
    return programs.isEmpty()
        ? List.of()
        : ProcessHandle.current()
            .descendants()
            .filter(
                process ->
                    process
                        .info()
                        .command()
                        .map(path -> programs.contains(String.valueOf(Path.of(path).getFileName())))
                        .orElse(false))
            .toList();
  }

  /** The processor time that they have taken, in seconds. */
  double seconds() {
    return processes().stream()
            .mapToLong(process -> process.info().totalCpuDuration().orElse(Duration.ZERO).toNanos())
            .sum()
        / 1e9;
  }

  /** Makes the peaks of memory start anew. */
  void resetPeaks() throws IOException {
    for (ProcessHandle process : processes()) {
      Files.writeString(Path.of("/proc/" + process.pid() + "/clear_refs"), "5");
    }
  }

  /** The peak of the resident memory of the largest, in megabytes. */
  double peak() throws IOException {
    double peak = 0;
    for (ProcessHandle process : processes()) {
      peak = Math.max(peak, peak(process));
    }
    return peak;
  }

  private static double peak(ProcessHandle process) throws IOException {
    try {
      Matcher matcher =
          PEAK.matcher(Files.readString(Path.of("/proc/" + process.pid() + "/status")));
      return matcher.find() ? Double.parseDouble(matcher.group(1)) / 1024 : 0;
    } catch (NoSuchFileException e) {
      // It has ended.
      return 0;
    }
  }
}
