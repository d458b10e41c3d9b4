package dev.imagespec.runtime;

import java.util.ArrayList;
import java.util.List;

/**
 * What happened to each image, as a table: image, action, bytes sent, and time. Images that existed
 * share a row if there are many.
 */
public final class ProgressTable {
  private static final int MOST_EXISTING = 20;

  private ProgressTable() {}

  /**
   * A row.
   *
   * @param state what happened
   * @param cells one text a column
   */
  public record Row(RegistrationProgress.State state, List<String> cells) {
    public Row {
      cells = List.copyOf(cells);
    }
  }

  /** The names of the columns. */
  public static List<String> columns() {
    return List.of("IMAGE", "ACTION", "SENT", "TIME");
  }

  /** The rows of a registration that has ended, without the columns' names. */
  public static List<Row> rows(RegistrationProgress.Moment end) {
    List<Row> rows = new ArrayList<>();
    List<RegistrationProgress.Image> existing =
        end.images().stream()
            .filter(image -> image.state() == RegistrationProgress.State.EXISTS)
            .toList();
    boolean isShort = existing.size() <= MOST_EXISTING;
    for (RegistrationProgress.Image image : end.images()) {
      if (isShort || image.state() != RegistrationProgress.State.EXISTS) {
        rows.add(row(image));
      }
    }
    if (!isShort) {
      rows.add(
          new Row(
              RegistrationProgress.State.EXISTS,
              List.of(existing.size() + " other images", "exist", "-", "-")));
    }
    for (Failure failure : end.failures()) {
      String subject =
          failure.repository().isEmpty()
              ? String.join(", ", failure.tasks())
              : failure.repository();
      rows.add(new Row(RegistrationProgress.State.FAILED, List.of(subject, "failed", "-", "-")));
    }
    return rows;
  }

  /** The table of a registration that has ended, as lines; none if there is no image. */
  public static List<String> lines(RegistrationProgress.Moment end) {
    List<List<String>> all = new ArrayList<>();
    all.add(columns());
    rows(end).forEach(row -> all.add(row.cells()));
    if (all.size() == 1) {
      return List.of();
    }
    int last = columns().size() - 1;
    int[] widths = new int[last];
    for (List<String> cells : all) {
      for (int i = 0; i < last; i++) {
        widths[i] = Math.max(widths[i], cells.get(i).length());
      }
    }
    List<String> lines = new ArrayList<>();
    for (List<String> cells : all) {
      StringBuilder line = new StringBuilder();
      for (int i = 0; i < last; i++) {
        line.append(cells.get(i)).append(" ".repeat(widths[i] - cells.get(i).length() + 2));
      }
      lines.add(line + cells.get(last));
    }
    return lines;
  }

  private static Row row(RegistrationProgress.Image image) {
    String name = image.image().toString();
    String time = Amount.time(image.elapsed());
    return new Row(
        image.state(),
        switch (image.state()) {
          case EXISTS -> List.of(name, "exists", "-", "-");
          case PUSHED -> List.of(name, "pushed", Amount.bytes(image.bytesSent()), time);
          case FAILED -> List.of(name, "failed", Amount.bytes(image.bytesSent()), time);
          // Only if the registration itself was ended.
          case BUILDING, SENDING ->
              List.of(name, "not pushed", Amount.bytes(image.bytesSent()), time);
        });
  }
}
