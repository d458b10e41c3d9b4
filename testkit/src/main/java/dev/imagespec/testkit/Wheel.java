package dev.imagespec.testkit;

import dev.imagespec.model.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.LocalDateTime;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * A Python package without code of the machine's: one module, named as the package, that has its
 * version as {@code __version__} and prints name and version when it is run.
 *
 * @param name its name, in lower case
 * @param version its version
 * @param requirements what it needs, as PEP 508 writes it
 * @see <a href="https://packaging.python.org/en/latest/specifications/binary-distribution-format/">
 *     the format</a>
 */
public record Wheel(String name, String version, List<String> requirements) {
  /** Archives say when a file was made, in local time: always the first moment that they can. */
  private static final LocalDateTime FIRST_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  /** Takes over the requirements. */
  public Wheel {
    requirements = List.copyOf(requirements);
  }

  /** A package that needs no other. */
  public Wheel(String name, String version) {
    this(name, version, List.of());
  }

  /** The module's name. */
  public String module() {
    return name.toLowerCase(Locale.ROOT).replaceAll("[-_.]+", "_");
  }

  /** The file's name. */
  public String file() {
    return module() + "-" + version + "-py3-none-any.whl";
  }

  /** The file: the same bytes for the same package. */
  public byte[] bytes() {
    String info = module() + "-" + version + ".dist-info/";
    StringBuilder metadata =
        new StringBuilder("Metadata-Version: 2.1\nName: " + name + "\nVersion: " + version + "\n");
    requirements.forEach(text -> metadata.append("Requires-Dist: ").append(text).append('\n'));
    Map<String, String> files = new LinkedHashMap<>();
    files.put(
        module() + ".py",
        """
        __version__ = "%s"

        if __name__ == "__main__":
            print("%s", __version__)
        """
            .formatted(version, name));
    files.put(info + "METADATA", metadata.toString());
    files.put(
        info + "WHEEL",
        "Wheel-Version: 1.0\nGenerator: imagespec\nRoot-Is-Purelib: true\nTag: py3-none-any\n");
    StringBuilder record = new StringBuilder();
    files.forEach(
        (path, text) -> {
          byte[] content = text.getBytes(StandardCharsets.UTF_8);
          record
              .append(path)
              .append(",sha256=")
              .append(
                  Base64.getUrlEncoder()
                      .withoutPadding()
                      .encodeToString(Digest.sha256().digest(content)))
              .append(',')
              .append(content.length)
              .append('\n');
        });
    files.put(info + "RECORD", record + info + "RECORD,,\n");
    return zip(files);
  }

  private static byte[] zip(Map<String, String> files) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        ZipEntry entry = new ZipEntry(file.getKey());
        entry.setTimeLocal(FIRST_TIME);
        zip.putNextEntry(entry);
        zip.write(file.getValue().getBytes(StandardCharsets.UTF_8));
        zip.closeEntry();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }
}
