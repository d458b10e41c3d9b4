import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Runs a command and draws its output, line by line as it came, as an SVG that plays by itself:
 * {@code java docs/Recording.java docs/demo.svg mvn -q -Pdemo verify}, in the project's folder. A
 * pause longer than {@link #MOST} is shown that long; nothing else differs from what the command
 * printed.
 */
final class Recording {
  /** The longest pause, in seconds. */
  private static final double MOST = 2.5;

  private static final int LINE = 18;
  private static final double COLUMN = 7.23;
  private static final int TOP = 52;
  private static final int EDGE = 20;

  /** A line, and when it came, in seconds after the start. */
  private record Line(double time, String text) {}

  private Recording() {}

  public static void main(String[] args) throws IOException, InterruptedException {
    List<String> command = List.of(args).subList(1, args.length);
    List<Line> lines = new ArrayList<>();
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    double shown = 0.8;
    long last = System.nanoTime();
    try (BufferedReader output = process.inputReader()) {
      for (String text = output.readLine(); text != null; text = output.readLine()) {
        long now = System.nanoTime();
        shown += Math.min(MOST, (now - last) / 1e9);
        last = now;
        // The colours that a terminal would be told.
        String plain = text.replaceAll("\u001b\\[[0-9;]*m", "");
        if (!plain.isEmpty() || !lines.isEmpty()) {
          lines.add(new Line(shown, plain));
        }
      }
    }
    if (process.waitFor() != 0) {
      lines.forEach(line -> System.err.println(line.text()));
      throw new IllegalStateException(command + " failed");
    }
    Files.writeString(Path.of(args[0]), svg(String.join(" ", command), lines));
  }

  private static String svg(String command, List<Line> lines) {
    int columns = lines.stream().mapToInt(line -> line.text().length()).max().orElse(80);
    int width = (int) Math.ceil(2 * EDGE + columns * COLUMN);
    int height = TOP + (lines.size() + 2) * LINE;
    StringBuilder svg = new StringBuilder();
    svg.append(
        """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" role="img" aria-labelledby="t d">
        <title id="t">%3$s</title>
        <desc id="d">What this command prints, as it came. Pauses of more than %4$s seconds are cut to that.</desc>
        <style>
        text { font: 12px ui-monospace, SFMono-Regular, Menlo, Consolas, "DejaVu Sans Mono", monospace; fill: #d5dae0; white-space: pre; }
        .c { fill: #8fd694; font-weight: 700 }
        .h { fill: #9fc3ff; font-weight: 700 }
        .s { fill: #8a939e }
        @media (prefers-reduced-motion: no-preference) {
          .l { opacity: 0; animation: l .01s linear forwards }
        }
        @keyframes l { to { opacity: 1 } }
        </style>
        <rect width="100%%" height="100%%" rx="10" fill="#171a1f"/>
        <circle cx="22" cy="20" r="5" fill="#e0655a"/><circle cx="40" cy="20" r="5" fill="#dcae4c"/><circle cx="58" cy="20" r="5" fill="#62b26a"/>
        <text class="c" x="%5$d" y="%6$d">$ %3$s</text>
        """
            .formatted(width, height, escaped(command), MOST, EDGE, TOP));
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      if (!line.text().isBlank()) {
        svg.append(
            String.format(
                Locale.ROOT,
                "<text class=\"l%s\" style=\"animation-delay:%.2fs\" x=\"%d\" y=\"%d\">%s</text>%n",
                look(line.text()),
                line.time(),
                EDGE,
                TOP + (i + 1) * LINE,
                escaped(line.text())));
      }
    }
    return svg.append("</svg>\n").toString();
  }

  /** A class for headings, and for what matters less. */
  private static String look(String text) {
    if (text.endsWith(" registration")) {
      return " h";
    }
    return Arrays.asList("task", "Left").contains(text.strip().split(" ", 2)[0]) ? " s" : "";
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
