package dev.imagespec.cli;

import dev.imagespec.runtime.RegistrationProgress;
import java.util.ArrayList;
import java.util.List;

/** A moment of a registration as lines of a terminal. No line is wider than the terminal. */
final class Picture {
  private static final int BAR = 20;
  private static final int NARROW = 70;

  private final Screen screen;
  private final int label;
  private final int bar;

  private Picture(Screen screen) {
    this.screen = screen;
    boolean isNarrow = screen.columns() < NARROW;
    this.bar = isNarrow ? 0 : BAR;
    this.label = screen.columns() / (isNarrow ? 2 : 3);
  }

  /** One line that sums up, then one for each environment and image that is worked on. */
  static List<String> of(RegistrationProgress.Moment moment, Screen screen) {
    return new Picture(screen).lines(moment);
  }

  private List<String> lines(RegistrationProgress.Moment moment) {
    List<String> lines = new ArrayList<>();
    moment
        .environments()
        .forEach(environment -> lines.add(line(environment.name(), "", environment.detail())));
    moment.active().forEach(image -> lines.add(line(image.label(), bar(image), image.detail())));
    // The cursor has a line of its own.
    int most = screen.rows() - 2;
    if (lines.size() > most) {
      int more = lines.size() - most + 1;
      lines.subList(most - 1, lines.size()).clear();
      lines.add(Style.FAINT.of(Cells.cut("and " + more + " more", columns()), isColoured()));
    }
    lines.add(0, Style.STRONG.of(Cells.cut(moment.summary(), columns()), isColoured()));
    return lines;
  }

  private int columns() {
    return screen.columns() - 1;
  }

  private boolean isColoured() {
    return screen.isColoured();
  }

  private String line(String name, String bar, String detail) {
    String start = Cells.fit(name, label) + " ";
    int rest = columns() - Cells.count(start) - bar.length();
    return start + Style.BUSY.of(bar, isColoured()) + Cells.cut(detail, rest);
  }

  private String bar(RegistrationProgress.Image image) {
    if (bar == 0 || image.layers() == 0) {
      return "";
    }
    int full = (int) Math.min(bar, Math.max(0, image.share() * bar));
    return "[" + "#".repeat(full) + ".".repeat(bar - full) + "] ";
  }
}
