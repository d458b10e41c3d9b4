package dev.imagespec.runtime.memory;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * A file of records, a line each: a checksum, the day when it was last of use, its key and its
 * value. The checksum is also over the first line, which says what the file is of. So a line that
 * is torn, damaged, or from another file or place is no record.
 */
final class RecordFile {
  /** Of another version, nothing is read. */
  private static final String FORMAT = "imagespec memory 1 ";

  private static final long MOST_BYTES = 32 << 20;
  private static final int MOST_RECORDS = 120_000;
  private static final int MOST_LINE = 400;

  /** Days after which a record that was of no use goes. */
  private static final int MOST_AGE = 30;

  private static final Pattern WORD = Pattern.compile("[!-~]{1,240}");
  private static final Pattern DAY = Pattern.compile("[0-9]{1,6}");

  /**
   * What is remembered.
   *
   * @param value a word
   * @param day when it was last of use, in days since 1970
   * @param isNew whether it is in no file yet
   */
  record Entry(String value, int day, boolean isNew) {}

  private RecordFile() {}

  /** Whether a text can be a key or a value. */
  static boolean isWord(String text) {
    return WORD.matcher(text).matches();
  }

  /**
   * Reads records by their keys: as many as are whole.
   *
   * @param title what the file is of
   * @param today drops records of the future, which a wrong clock made
   */
  static Map<String, Entry> read(Path file, String title, int today) throws IOException {
    Map<String, Entry> records = new HashMap<>();
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS) || Files.size(file) > MOST_BYTES) {
      return records;
    }
    // Bytes that are no ASCII fail the checksum, not the reading.
    try (BufferedReader in = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      String first = in.readLine();
      if (first == null || !first.equals(FORMAT + title)) {
        return records;
      }
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        add(line, title, today, records);
      }
    }
    return records;
  }

  private static void add(String line, String title, int today, Map<String, Entry> records) {
    int body = line.indexOf(' ') + 1;
    if (line.length() > MOST_LINE
        || body == 0
        || !line.substring(0, body - 1).equals(checksum(title, line.substring(body)))) {
      return;
    }
    String[] parts = line.substring(body).split(" ", -1);
    if (parts.length != 3 || !DAY.matcher(parts[0]).matches()) {
      return;
    }
    int day = Integer.parseInt(parts[0]);
    if (day <= today && isWord(parts[1]) && isWord(parts[2])) {
      records.put(parts[1], new Entry(parts[2], day, false));
    }
  }

  /** Writes records, without the old ones, and if there are too many without the oldest. */
  static void write(Path draft, String title, int today, Map<String, Entry> records)
      throws IOException {
    try (Writer out = Files.newBufferedWriter(draft, StandardCharsets.ISO_8859_1)) {
      out.write(FORMAT + title + "\n");
      var kept =
          records.entrySet().stream().filter(each -> each.getValue().day() > today - MOST_AGE);
      if (records.size() > MOST_RECORDS) {
        kept =
            kept.sorted(
                    Comparator.<Map.Entry<String, Entry>>comparingInt(each -> each.getValue().day())
                        .reversed())
                .limit(MOST_RECORDS);
      }
      for (var each = kept.iterator(); each.hasNext(); ) {
        Map.Entry<String, Entry> record = each.next();
        String body =
            record.getValue().day() + " " + record.getKey() + " " + record.getValue().value();
        out.write(checksum(title, body) + " " + body + "\n");
      }
    }
  }

  private static String checksum(String title, String body) {
    CRC32 crc = new CRC32();
    crc.update((FORMAT + title + "\n" + body).getBytes(StandardCharsets.ISO_8859_1));
    return HexFormat.of().toHexDigits((int) crc.getValue());
  }
}
