package dev.imagespec.benchmarks;

import java.util.Locale;

/** A drawing. Lengths are in pixels. */
final class Svg {
  private final StringBuilder body = new StringBuilder();
  private final int width;
  private final int height;
  private final String title;
  private final String description;

  /**
   * An empty drawing on white.
   *
   * @param description what it shows, for those who cannot see it
   */
  Svg(int width, int height, String title, String description) {
    this.width = width;
    this.height = height;
    this.title = title;
    this.description = description;
  }

  void rectangle(double x, double y, double wide, double high, String colour) {
    body.append(
        String.format(
            Locale.ROOT,
            "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" fill=\"%s\"/>%n",
            x,
            y,
            Math.max(wide, 0.5),
            high,
            colour));
  }

  void line(double x1, double y1, double x2, double y2, String colour, double strength) {
    body.append(
        String.format(
            Locale.ROOT,
            "<line x1=\"%.1f\" y1=\"%.1f\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"%s\""
                + " stroke-width=\"%.1f\"/>%n",
            x1,
            y1,
            x2,
            y2,
            colour,
            strength));
  }

  void dot(double x, double y, String colour) {
    body.append(
        String.format(
            Locale.ROOT, "<circle cx=\"%.1f\" cy=\"%.1f\" r=\"3\" fill=\"%s\"/>%n", x, y, colour));
  }

  /**
   * A text that starts, has its middle or ends ({@code start}, {@code middle}, {@code end}) there.
   */
  void text(double x, double y, String anchor, String text, boolean bold) {
    body.append(
        String.format(
            Locale.ROOT,
            "<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\"%s>%s</text>%n",
            x,
            y,
            anchor,
            bold ? " font-weight=\"bold\"" : "",
            escaped(text)));
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }

  @Override
  public String toString() {
    return """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %1$d %2$d" width="%1$d" height="%2$d" role="img" aria-labelledby="title desc" font-family="Helvetica, Arial, sans-serif" font-size="13" fill="#1f2328">
        <title id="title">%3$s</title>
        <desc id="desc">%4$s</desc>
        <rect width="%1$d" height="%2$d" fill="#ffffff"/>
        %5$s</svg>
        """
        .formatted(width, height, escaped(title), escaped(description), body);
  }
}
