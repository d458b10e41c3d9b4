package dev.imagespec.runtime.catalog;

import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.Manifest;

/**
 * The attributes {@code Class-Path} of jars' manifests (JAR file specification), each read once.
 */
final class ClassPathAttributes {
  private static final String MANIFEST = "META-INF/MANIFEST.MF";

  /** How large the main section of a manifest may be, in bytes: ten thousands of entries. */
  private static final int MOST = 4 << 20;

  private final Map<Path, List<String>> known = new HashMap<>();

  /**
   * The entries of a jar's attribute, as they are written. A manifest that {@code java} cannot
   * parse has none.
   *
   * @throws IOException if the file is no jar
   * @throws ImageSpecException with {@link FailureCode#INVALID_FILE} if the manifest's main section
   *     is too large; what follows it is not read
   */
  List<String> of(Path jar) throws IOException {
    List<String> entries = known.get(jar);
    if (entries == null) {
      entries = read(jar);
      known.put(jar, entries);
    }
    return entries;
  }

  private static List<String> read(Path jar) throws IOException {
    try (EntryFiles files = EntryFiles.open(jar)) {
      Optional<InputStream> opened = files.in(MANIFEST);
      if (opened.isEmpty()) {
        return List.of();
      }
      byte[] bytes;
      try (InputStream in = opened.get()) {
        bytes = in.readNBytes(MOST);
      }
      int end = mainSection(bytes);
      if (end == MOST) {
        throw new ImageSpecException(
            FailureCode.INVALID_FILE,
            files.origin(MANIFEST)
                + " has more than "
                + MOST
                + " bytes before its first empty line, which no build tool writes. Take the jar off"
                + " the class path, or package it afresh.");
      }
      return parse(Arrays.copyOf(bytes, end));
    }
  }

  /** The length of the main section: up to the first empty line, or all. */
  private static int mainSection(byte[] bytes) {
    int lineStart = 0;
    for (int i = 0; i < bytes.length; i++) {
      boolean ends = bytes[i] == '\n' || bytes[i] == '\r';
      if (ends && i == lineStart) {
        return i;
      }
      if (ends) {
        boolean isPair = bytes[i] == '\r' && i + 1 < bytes.length && bytes[i + 1] == '\n';
        i += isPair ? 1 : 0;
        lineStart = i + 1;
      }
    }
    return bytes.length;
  }

  private static List<String> parse(byte[] mainSection) {
    try {
      String value =
          new Manifest(new ByteArrayInputStream(mainSection))
              .getMainAttributes()
              .getValue(Attributes.Name.CLASS_PATH);
      return value == null || value.isBlank() ? List.of() : List.of(value.strip().split("\\s+"));
    } catch (IOException | IllegalArgumentException e) {
      return List.of();
    }
  }
}
