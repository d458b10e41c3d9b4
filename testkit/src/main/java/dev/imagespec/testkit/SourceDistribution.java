package dev.imagespec.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.zip.GZIPOutputStream;

/**
 * The source of a Python package with one module, which builds itself: its backend is in it (PEP
 * 517). The build needs another package, which it imports.
 *
 * @param name the name, in lower case
 * @param version the version
 * @param tool the package that builds it, as its module is named
 */
public record SourceDistribution(String name, String version, String tool) implements PackageFile {
  private static final int BLOCK = 512;

  private static final String BACKEND =
      """
      import zipfile

      import %s


      def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
          name = "%s-%s"
          info = name + ".dist-info/"
          file = name + "-py3-none-any.whl"
          texts = {
              "%s.py": "__version__ = '%s'\\n",
              info + "METADATA": "Metadata-Version: 2.1\\nName: %s\\nVersion: %s\\n",
              info + "WHEEL": "Wheel-Version: 1.0\\nGenerator: own\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n",
          }
          texts[info + "RECORD"] = "".join(path + ",,\\n" for path in list(texts) + [info + "RECORD"])
          with zipfile.ZipFile(wheel_directory + "/" + file, "w") as wheel:
              for path, text in texts.items():
                  wheel.writestr(zipfile.ZipInfo(path), text)
          return file
      """;

  private String module() {
    return name.toLowerCase(Locale.ROOT).replaceAll("[-_.]+", "_");
  }

  @Override
  public String file() {
    return module() + "-" + version + ".tar.gz";
  }

  @Override
  public byte[] bytes() {
    String root = module() + "-" + version + "/";
    Map<String, String> files = new LinkedHashMap<>();
    files.put(
        root + "PKG-INFO", "Metadata-Version: 2.1\nName: " + name + "\nVersion: " + version + "\n");
    files.put(
        root + "pyproject.toml",
        """
        [build-system]
        requires = ["%s"]
        build-backend = "backend"
        backend-path = ["."]
        """
            .formatted(tool.replace('_', '-')));
    files.put(
        root + "backend.py",
        BACKEND.formatted(tool, module(), version, module(), version, name, version));
    return tar(files);
  }

  private static byte[] tar(Map<String, String> files) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(bytes)) {
      for (Map.Entry<String, String> file : files.entrySet()) {
        byte[] content = file.getValue().getBytes(StandardCharsets.UTF_8);
        out.write(header(file.getKey(), content.length));
        out.write(Arrays.copyOf(content, (content.length + BLOCK - 1) / BLOCK * BLOCK));
      }
      out.write(new byte[2 * BLOCK]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** The header of a regular file (POSIX ustar). */
  private static byte[] header(String path, int size) {
    byte[] header = new byte[BLOCK];
    put(header, 0, path);
    put(header, 100, "0000644\0");
    put(header, 108, "0000000\0");
    put(header, 116, "0000000\0");
    put(header, 124, String.format(Locale.ROOT, "%011o\0", size));
    put(header, 136, "00000000000\0");
    put(header, 148, "        ");
    put(header, 156, "0");
    put(header, 257, "ustar\00000");
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, String.format(Locale.ROOT, "%06o\0 ", sum));
    return header;
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }
}
