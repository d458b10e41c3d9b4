package dev.imagespec.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** The part of a page of the documentation that has the results of the last full run. */
final class Page {
  private static final String START = "<!-- results: written by benchmarks/run -->";
  private static final String END = "<!-- end of results -->";

  private Page() {}

  /** Replaces what is between the two marks. */
  static void write(Path page, List<String> results, Collection<String> charts) throws IOException {
    List<String> lines = Files.readAllLines(page);
    int start = lines.indexOf(START);
    int end = lines.indexOf(END);
    if (start < 0 || end < start) {
      throw new IllegalStateException(page + " has no lines " + START + " and " + END);
    }
    List<String> written = new ArrayList<>(lines.subList(0, start + 1));
    written.add("");
    for (String chart : charts) {
      written.add("![" + title(chart) + "](performance/" + chart + ")");
      written.add("");
    }
    written.addAll(results);
    written.add("");
    written.addAll(lines.subList(end, lines.size()));
    Files.write(page, written);
  }

  private static String title(String chart) {
    return chart.replace(".svg", "").replace('-', ' ');
  }
}
