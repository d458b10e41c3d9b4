package dev.imagespec.runtime.catalog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/**
 * Looks for a text in all class files of a jar. Reads the jar's bytes at once and has them unpacked
 * by one call for each class: to open each class on its own takes three times as long, and a class
 * path has thousands.
 *
 * <p>Reads jars as tools write them (ZIP file format, without encryption and ZIP64). Whatever is
 * unusual is left to somebody who reads with care.
 */
final class JarScan {
  private static final String CLASS = ".class";

  /** A larger jar would take too much memory, in bytes. */
  private static final int MOST_JAR = 16 << 20;

  /** A larger class file is unusual, in bytes. */
  private static final int MOST_CLASS = 4 << 20;

  private static final int END = 0x06054b50;
  private static final int END_LENGTH = 22;
  private static final int ENTRY = 0x02014b50;
  private static final int ENTRY_LENGTH = 46;
  private static final int LOCAL = 0x04034b50;
  private static final int LOCAL_LENGTH = 30;
  private static final int STORED = 0;
  private static final int DEFLATED = 8;
  private static final int ENCRYPTED = 1;
  private static final int MOST_COMMENT = 0xffff;
  private static final int BYTES = 256;

  private final byte[] jar;
  private final ByteBuffer fields;
  private final byte[] text;

  /** How far the text may be moved if the last byte that it was compared with is this one. */
  private final int[] steps = new int[BYTES];

  private byte[] content = new byte[BYTES * BYTES];

  private JarScan(byte[] jar, byte[] text) {
    this.jar = jar;
    this.fields = ByteBuffer.wrap(jar).order(ByteOrder.LITTLE_ENDIAN);
    this.text = text;
    Arrays.fill(steps, text.length);
    for (int i = 0; i < text.length - 1; i++) {
      steps[text[i] & 0xff] = text.length - 1 - i;
    }
  }

  /**
   * Whether a class file of a jar may contain a text.
   *
   * @return false if none does; true if one does, or if the jar is unusual
   * @throws IOException if it cannot be read
   */
  static boolean mayContain(Path jar, String text) throws IOException {
    if (!Files.isRegularFile(jar) || Files.size(jar) > MOST_JAR) {
      return true;
    }
    try {
      return new JarScan(Files.readAllBytes(jar), text.getBytes(StandardCharsets.ISO_8859_1))
          .contains();
    } catch (DataFormatException | IndexOutOfBoundsException e) {
      return true;
    }
  }

  private boolean contains() throws DataFormatException {
    int end = end();
    int size = fields.getInt(end + 12);
    int start = end - size;
    // Something may stand in front of the jar, such as a script.
    int shift = start - fields.getInt(end + 16);
    int count = number(end + 10);
    if (size < 0 || shift < 0) {
      return true;
    }
    Inflater inflater = new Inflater(true);
    try {
      int at = start;
      for (int i = 0; i < count; i++) {
        require(fields.getInt(at) == ENTRY);
        int name = number(at + 28);
        if (isClass(at + ENTRY_LENGTH, name) && contains(at, shift, inflater)) {
          return true;
        }
        at += ENTRY_LENGTH + name + number(at + 30) + number(at + 32);
      }
      require(at == end);
      return false;
    } finally {
      inflater.end();
    }
  }

  /** Where the last record begins. */
  private int end() throws DataFormatException {
    int last = jar.length - END_LENGTH;
    for (int at = last; at >= Math.max(0, last - MOST_COMMENT); at--) {
      if (fields.getInt(at) == END && at + END_LENGTH + number(at + 20) == jar.length) {
        return at;
      }
    }
    throw new DataFormatException("it is no jar");
  }

  private boolean isClass(int name, int length) {
    if (length < CLASS.length()) {
      return false;
    }
    for (int i = 0; i < CLASS.length(); i++) {
      if (jar[name + length - CLASS.length() + i] != CLASS.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  /** Whether the class of an entry contains the text. */
  private boolean contains(int entry, int shift, Inflater inflater) throws DataFormatException {
    int method = number(entry + 10);
    int packed = fields.getInt(entry + 20);
    int size = fields.getInt(entry + 24);
    int local = fields.getInt(entry + 42) + shift;
    require(
        (number(entry + 8) & ENCRYPTED) == 0
            && packed >= 0
            && size >= 0
            && size <= MOST_CLASS
            && fields.getInt(local) == LOCAL);
    int data = local + LOCAL_LENGTH + number(local + 26) + number(local + 28);
    if (method == STORED) {
      return isIn(jar, data, data + packed);
    }
    require(method == DEFLATED && data + packed <= jar.length);
    if (content.length < size) {
      content = new byte[size];
    }
    inflater.reset();
    inflater.setInput(jar, data, packed);
    int done = 0;
    while (!inflater.finished() && done < size) {
      int more = inflater.inflate(content, done, size - done);
      require(more > 0);
      done += more;
    }
    require(done == size);
    return isIn(content, 0, size);
  }

  /** Whether the text is in a part of an array (the search of Boyer, Moore and Horspool). */
  private boolean isIn(byte[] bytes, int from, int to) {
    int last = text.length - 1;
    for (int at = from; at + last < to; at += steps[bytes[at + last] & 0xff]) {
      int i = last;
      while (bytes[at + i] == text[i]) {
        if (i == 0) {
          return true;
        }
        i--;
      }
    }
    return false;
  }

  private int number(int at) {
    return fields.getShort(at) & 0xffff;
  }

  private static void require(boolean usual) throws DataFormatException {
    if (!usual) {
      throw new DataFormatException("it is unusual");
    }
  }
}
