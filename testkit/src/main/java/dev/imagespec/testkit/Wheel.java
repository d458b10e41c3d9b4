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
 * A pure Python package with one module of the same name. The module has the version in {@code
 * __version__}, and prints name and version when it is run.
 *
 * @param name the name, in lower case
 * @param version the version
 * @param requirements its dependencies (PEP 508)
 * @see <a href="https://packaging.python.org/en/latest/specifications/binary-distribution-format/">
 *     the format</a>
 */
public record Wheel(String name, String version, List<String> requirements) implements PackageFile {
  /** The time of files in archives, which is local: the earliest that archives support. */
  private static final LocalDateTime FIRST_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  /** Copies the requirements. */
  public Wheel {
    requirements = List.copyOf(requirements);
  }

  /** A package without dependencies. */
  public Wheel(String name, String version) {
    this(name, version, List.of());
  }

  /** The module's name. */
  public String module() {
    return name.toLowerCase(Locale.ROOT).replaceAll("[-_.]+", "_");
  }

  @Override
  public String file() {
    return module() + "-" + version + "-py3-none-any.whl";
  }

  @Override
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
