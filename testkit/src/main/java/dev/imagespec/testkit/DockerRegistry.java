package dev.imagespec.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/** The registry of the distribution project, as Debian's package {@code docker-registry} has it. */
public final class DockerRegistry implements AutoCloseable {
  private static final int PATIENCE_MILLIS = 15_000;

  private final Process process;
  private final int port;
  private final Path log;

  private DockerRegistry(Process process, int port, Path log) {
    this.process = process;
    this.port = port;
    this.log = log;
  }

  /**
   * Starts one on a free port of this machine, without authentication.
   *
   * @param folder where it keeps its data, configuration and log
   */
  public static DockerRegistry start(Path folder) {
    Path program =
        ExternalTool.find("docker-registry")
            .orElseThrow(() -> new IllegalStateException("docker-registry is not installed"));
    try {
      int port;
      try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = free.getLocalPort();
      }
      Path config = folder.resolve("config.yml");
      Files.writeString(
          config,
          "version: 0.1\nstorage:\n  filesystem:\n    rootdirectory: "
              + Files.createDirectories(folder.resolve("data"))
              + "\n  delete:\n    enabled: true\nhttp:\n  addr: 127.0.0.1:"
              + port
              + "\n  secret: for-tests\n");
      Path log = folder.resolve("registry.log");
      Process process =
          new ProcessBuilder(program.toString(), "serve", config.toString())
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start();
      DockerRegistry registry = new DockerRegistry(process, port, log);
      registry.await();
      return registry;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The registry's host and port. */
  public String registry() {
    return "127.0.0.1:" + port;
  }

  /** How many requests of a method, for a path with this in it, its log tells of. */
  public long requests(String method, String path) {
    try {
      return Files.readAllLines(log).stream()
          .filter(line -> line.contains("\"" + method + " ") && line.contains(path))
          .count();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void await() throws IOException {
    for (int waited = 0; waited < PATIENCE_MILLIS; waited += 50) {
      try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
        if (socket.isConnected()) {
          return;
        }
      } catch (IOException e) {
        if (!process.isAlive()) {
          throw new IOException("docker-registry ended: " + Files.readString(log), e);
        }
      }
      try {
        Thread.sleep(50);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new IOException("interrupted", e);
      }
    }
    close();
    throw new IOException("docker-registry does not answer: " + Files.readString(log));
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
