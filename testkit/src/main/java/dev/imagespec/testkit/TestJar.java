package dev.imagespec.testkit;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** Writes a jar, of files that no build tool would put into one, too. */
public final class TestJar {
  private static final int CHUNK = 1 << 16;

  private final Map<String, byte[]> files = new LinkedHashMap<>();
  private final Map<String, Long> sizes = new LinkedHashMap<>();

  private TestJar() {}

  /** A jar without files. */
  public static TestJar empty() {
    return new TestJar();
  }

  /** Adds a file. */
  public TestJar file(String name, byte[] content) {
    files.put(name, content.clone());
    return this;
  }

  /** Adds a text file. */
  public TestJar file(String name, String content) {
    return file(name, content.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * Adds a file of zeros, which takes a thousandth of its size in the jar.
   *
   * @param size its size in bytes
   */
  public TestJar zeros(String name, long size) {
    sizes.put(name, size);
    return this;
  }

  /**
   * Writes the jar.
   *
   * @return the given path
   */
  public Path write(Path jar) {
    try (OutputStream out = Files.newOutputStream(jar);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Map.Entry<String, byte[]> file : files.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        zip.write(file.getValue());
        zip.closeEntry();
      }
      for (Map.Entry<String, Long> file : sizes.entrySet()) {
        zip.putNextEntry(new ZipEntry(file.getKey()));
        for (long left = file.getValue(); left > 0; left -= CHUNK) {
          zip.write(new byte[(int) Math.min(CHUNK, left)]);
        }
        zip.closeEntry();
      }
      return jar;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
