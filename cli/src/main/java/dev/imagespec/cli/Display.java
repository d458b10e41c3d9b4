package dev.imagespec.cli;

import dev.imagespec.model.Printable;
import dev.imagespec.runtime.ProgressTable;
import dev.imagespec.runtime.RegistrationEvent;
import dev.imagespec.runtime.RegistrationProgress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Shows a registration on a terminal: lines about what is going on, which are drawn again and
 * again, what is worth keeping above them, and a table at the end.
 */
final class Display implements AutoCloseable {
  private static final int FRAME_MILLIS = 100;

  /** The size of the terminal is asked for again after so many frames. */
  private static final int FRAMES = 30;

  private final RegistrationProgress progress;
  private final LiveArea area;
  private final Supplier<Screen> size;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          work -> {
            Thread thread = new Thread(work, "imagespec-display");
            thread.setDaemon(true);
            return thread;
          });
  private Screen screen;
  private int frames;

  /**
   * A display.
   *
   * @param screen the terminal now
   * @param size asks for the terminal again, whose size may change
   */
  Display(RegistrationProgress progress, LiveArea area, Screen screen, Supplier<Screen> size) {
    this.progress = progress;
    this.area = area;
    this.screen = screen;
    this.size = size;
  }

  /** Draws, in a thread of its own, until this is closed. */
  Display start() {
    var unused =
        clock.scheduleWithFixedDelay(this::draw, FRAME_MILLIS, FRAME_MILLIS, TimeUnit.MILLISECONDS);
    return this;
  }

  /** Draws the lines once. */
  synchronized void draw() {
    if (++frames % FRAMES == 0) {
      screen = size.get();
    }
    area.show(Picture.of(progress.now(), screen));
  }

  /** Prints an event above the lines, if it is worth keeping. */
  void print(RegistrationEvent event) {
    boolean isColoured = screen.isColoured();
    String text = Printable.text(event.toString());
    if (event instanceof RegistrationEvent.Warning) {
      print(Style.DOUBTFUL.of(text, isColoured));
    } else if (!isInThePicture(event)) {
      print(text);
    }
  }

  private void print(String line) {
    area.print(line);
  }

  /** Whether the lines or the table show what an event says. */
  private static boolean isInThePicture(RegistrationEvent event) {
    return event instanceof RegistrationEvent.ImageReused
        || event instanceof RegistrationEvent.ImageBuilding
        || event instanceof RegistrationEvent.ImagePushed
        || event instanceof RegistrationEvent.EnvironmentStep;
  }

  /** Removes the lines, and prints what happened to each image. */
  void end() {
    close();
    List<ProgressTable.Row> rows = ProgressTable.rows(progress.now());
    if (rows.isEmpty()) {
      return;
    }
    List<List<String>> cells = new ArrayList<>();
    cells.add(ProgressTable.columns());
    rows.forEach(row -> cells.add(row.cells().stream().map(Printable::value).toList()));
    List<String> lines = Table.lines(cells, "");
    print(Style.STRONG.of(lines.get(0), screen.isColoured()));
    for (int i = 0; i < rows.size(); i++) {
      print(Style.of(rows.get(i).state()).of(lines.get(i + 1), screen.isColoured()));
    }
  }

  /** Removes the lines. */
  @Override
  public void close() {
    clock.shutdownNow();
    area.end();
  }
}
