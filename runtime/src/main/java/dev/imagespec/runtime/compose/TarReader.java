package dev.imagespec.runtime.compose;

import dev.imagespec.model.Digest;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.tar.TarUtils;

/**
 * Reads a tar as jib writes it (POSIX.1-2017, pax), while it passes by. A header is reported before
 * whoever writes the tar goes on to the content.
 */
final class TarReader extends FilterOutputStream {
  private static final int BLOCK = TarConstants.DEFAULT_RCDSIZE;
  private static final int TYPE =
      TarConstants.NAMELEN
          + TarConstants.MODELEN
          + TarConstants.UIDLEN
          + TarConstants.GIDLEN
          + TarConstants.SIZELEN
          + TarConstants.MODTIMELEN
          + TarConstants.CHKSUMLEN;

  /** How long extended headers may be: paths and few numbers. */
  private static final int MOST_EXTENDED = 1 << 20;

  private static final byte[] ZEROS = new byte[BLOCK];

  /** Receives a tar's entries. */
  interface Entries {
    /** Receives an entry's header. */
    void begin(Entry entry) throws IOException;

    /** Receives the digest of its content. */
    void end(Digest content) throws IOException;
  }

  /**
   * A header.
   *
   * @param name the path as it is written
   * @param type its type's letter
   */
  record Entry(String name, char type, int mode, long user, long group, long size) {
    boolean isFolder() {
      return type == TarConstants.LF_DIR;
    }

    boolean isFile() {
      return type == TarConstants.LF_NORMAL || type == TarConstants.LF_OLDNORM;
    }
  }

  private final Entries entries;
  private final MessageDigest sha256 = Digest.sha256();
  private final byte[] header = new byte[BLOCK];
  private int headerLength;
  private Map<String, String> extended = new HashMap<>();

  /** The extended header that is being read. */
  private byte[] text = {};

  private int textLength;
  private boolean isExtended;
  private boolean isInEntry;
  private long left;
  private long padding;

  TarReader(OutputStream out, Entries entries) {
    super(out);
    this.entries = entries;
  }

  @Override
  public void write(int b) throws IOException {
    write(new byte[] {(byte) b}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int count) throws IOException {
    out.write(bytes, offset, count);
    int at = offset;
    int end = offset + count;
    while (at < end) {
      if (left > 0) {
        int part = (int) Math.min(left, end - at);
        content(bytes, at, part);
        at += part;
        left -= part;
        if (left == 0) {
          endEntry();
        }
      } else if (padding > 0) {
        int part = (int) Math.min(padding, end - at);
        at += part;
        padding -= part;
      } else {
        int part = Math.min(BLOCK - headerLength, end - at);
        System.arraycopy(bytes, at, header, headerLength, part);
        at += part;
        headerLength += part;
        if (headerLength == BLOCK) {
          headerLength = 0;
          begin();
        }
      }
    }
  }

  private void content(byte[] bytes, int at, int count) {
    if (isExtended) {
      System.arraycopy(bytes, at, text, textLength, count);
      textLength += count;
    } else {
      sha256.update(bytes, at, count);
    }
  }

  private void begin() throws IOException {
    if (Arrays.equals(header, ZEROS)) {
      return;
    }
    char type = (char) header[TYPE];
    long size = number("size", TarConstants.NAMELEN + 3 * TarConstants.MODELEN, 12);
    padding = (BLOCK - size % BLOCK) % BLOCK;
    left = size;
    isExtended = type == TarConstants.LF_PAX_EXTENDED_HEADER_LC;
    if (isExtended) {
      if (size > MOST_EXTENDED) {
        throw new IOException("a tar's extended header has " + size + " bytes");
      }
      text = new byte[(int) size];
      textLength = 0;
    } else {
      String name =
          extended.containsKey("path")
              ? extended.getOrDefault("path", "")
              : string(header, 0, TarConstants.NAMELEN);
      Entry entry =
          new Entry(
              name,
              type,
              (int) number("mode", TarConstants.NAMELEN, TarConstants.MODELEN),
              number("uid", TarConstants.NAMELEN + TarConstants.MODELEN, TarConstants.UIDLEN),
              number("gid", TarConstants.NAMELEN + 2 * TarConstants.MODELEN, TarConstants.GIDLEN),
              size);
      extended = new HashMap<>();
      isInEntry = true;
      entries.begin(entry);
    }
    if (left == 0) {
      endEntry();
    }
  }

  private long number(String key, int at, int length) throws IOException {
    String own = extended.get(key);
    try {
      return own == null ? TarUtils.parseOctalOrBinary(header, at, length) : Long.parseLong(own);
    } catch (IllegalArgumentException e) {
      throw new IOException("a tar's header has no " + key, e);
    }
  }

  private static String string(byte[] bytes, int at, int most) {
    int length = 0;
    while (length < most && bytes[at + length] != 0) {
      length++;
    }
    return new String(bytes, at, length, StandardCharsets.UTF_8);
  }

  private void endEntry() throws IOException {
    if (isExtended) {
      isExtended = false;
      extended = parse(text);
    } else if (isInEntry) {
      isInEntry = false;
      entries.end(Digest.ofHash(sha256.digest()));
    }
  }

  /** Reads records of the form {@code "<length> <key>=<value>\n"}, whose length is in bytes. */
  private static Map<String, String> parse(byte[] text) throws IOException {
    Map<String, String> records = new HashMap<>();
    int at = 0;
    while (at < text.length) {
      int blank = at;
      int length = 0;
      while (blank < text.length && text[blank] >= '0' && text[blank] <= '9' && blank - at < 8) {
        length = length * 10 + text[blank] - '0';
        blank++;
      }
      if (blank >= text.length
          || text[blank] != ' '
          || at + length > text.length
          || at + length <= blank + 1) {
        throw new IOException("a tar's extended header has no records");
      }
      String record = new String(text, blank + 1, at + length - blank - 2, StandardCharsets.UTF_8);
      int equals = record.indexOf('=');
      if (equals < 0) {
        throw new IOException("a tar's extended header has a record without a value");
      }
      records.put(record.substring(0, equals), record.substring(equals + 1));
      at += length;
    }
    return records;
  }
}
