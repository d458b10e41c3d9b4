package dev.imagespec.testkit;

import dev.imagespec.model.Digest;
import dev.imagespec.testkit.Journal.Plane;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;

/**
 * An archive of Debian packages in this process, on a free port of this machine: a flat one without
 * signatures. Its packages are made with {@code dpkg-deb}, which must be installed; each has a
 * program of its own name in {@code /usr/bin}, which prints name and version.
 *
 * <p>The operations in its journal are {@code GET list} and {@code GET package}.
 */
public final class DebianArchive implements AutoCloseable {
  private static final String POOL = "/pool/";

  private final Journal journal = new Journal();
  private final LoopbackServer server = new LoopbackServer(journal, null);
  private final Map<String, byte[]> files = new HashMap<>();

  private DebianArchive(Path folder, Map<String, String> packages) throws IOException {
    StringBuilder list = new StringBuilder();
    for (Map.Entry<String, String> one : packages.entrySet()) {
      Path file = build(folder, one.getKey(), one.getValue());
      byte[] content = Files.readAllBytes(file);
      files.put(POOL + file.getFileName(), content);
      list.append(control(one.getKey(), one.getValue()))
          .append("Filename: ./pool/")
          .append(file.getFileName())
          .append("\nSize: ")
          .append(content.length)
          .append("\nSHA256: ")
          .append(Digest.of(content).hex())
          .append("\n\n");
    }
    files.put("/Packages", list.toString().getBytes(StandardCharsets.UTF_8));
    server.serve("/", Plane.PACKAGES, DebianArchive::operation, this::handle);
    server.start();
  }

  /**
   * Starts an archive.
   *
   * @param folder a folder for the packages that it makes
   * @param packages the version of each package, by name
   */
  public static DebianArchive start(Path folder, Map<String, String> packages) throws IOException {
    return new DebianArchive(folder, packages);
  }

  /** Makes one package; it is in the folder. */
  public static Path build(Path folder, String name, String version) {
    try {
      Path tree = Files.createDirectories(folder.resolve(name));
      Path program = Files.createDirectories(tree.resolve("usr/bin")).resolve(name);
      Files.writeString(program, "#!/bin/sh\necho " + name + " " + version + "\n");
      Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.writeString(
          Files.createDirectories(tree.resolve("DEBIAN")).resolve("control"),
          control(name, version));
      Path file = folder.resolve(name + ".deb");
      ExternalTool.run(
          "dpkg-deb", "--root-owner-group", "--build", tree.toString(), file.toString());
      return file;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String control(String name, String version) {
    return "Package: "
        + name
        + "\nVersion: "
        + version
        + "\nArchitecture: all\nMaintainer: ImageSpec <none@example.org>\nDescription: "
        + name
        + "\n";
  }

  /** The line for {@code /etc/apt/sources.list}. */
  public String source() {
    return "deb [trusted=yes] http://127.0.0.1:" + server.port() + "/ ./\n";
  }

  /** All requests. */
  public Journal journal() {
    return journal;
  }

  private static String operation(Exchange exchange) {
    return exchange.method() + (exchange.path().startsWith(POOL) ? " package" : " list");
  }

  private void handle(Exchange exchange) {
    byte[] file = files.get(exchange.path().replace("/./", "/"));
    if (file == null) {
      exchange.answer(404);
    } else {
      exchange.answer(200, "application/octet-stream", file);
    }
  }

  @Override
  public void close() {
    server.close();
  }
}
