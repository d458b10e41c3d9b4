package dev.imagespec.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** The registry of the distribution project, from Debian's package {@code docker-registry}. */
public final class DockerRegistry implements AutoCloseable {
  /** The user who may read and write, if the registry needs a password. */
  public static final String USER = "ci";

  /** The password of {@link #USER}. It protects nothing; tests check that it does not leak. */
  public static final String PASSWORD = "pa55-Canary-7Qv2";

  /** The bcrypt hash of {@link #PASSWORD}: {@code htpasswd -Bbn}. */
  private static final String BCRYPT =
      "$2y$05$Yzs2q.C4aPVB4pNv5E.gFea1vI31d.j2..vp6r0mmzbD8gkHmR8U2";

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
   * Starts a registry on a free port of this machine, without authentication.
   *
   * @param folder the folder for its data, configuration and log
   */
  public static DockerRegistry start(Path folder) {
    return builder(folder).start();
  }

  /**
   * A builder for a registry with other settings.
   *
   * @param folder the folder for its data, configuration and log
   */
  public static Builder builder(Path folder) {
    return new Builder(folder);
  }

  private static DockerRegistry start(Builder builder) {
    Path folder = builder.folder;
    Path program =
        ExternalTool.find("docker-registry")
            .orElseThrow(() -> new IllegalStateException("docker-registry is not installed"));
    try {
      int port;
      try (ServerSocket free = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
        port = free.getLocalPort();
      }
      StringBuilder config = new StringBuilder("version: 0.1\nstorage:\n  filesystem:\n");
      config
          .append("    rootdirectory: ")
          .append(Files.createDirectories(folder.resolve("data")))
          .append("\n  delete:\n    enabled: true\nhttp:\n  addr: 127.0.0.1:")
          .append(port)
          .append("\n  secret: for-tests\n");
      if (builder.certificate.isPresent()) {
        Path chain = folder.resolve("registry.crt");
        Path key = folder.resolve("registry.key");
        Files.writeString(chain, builder.certificate.get().certificatePem());
        Files.writeString(key, builder.certificate.get().privateKeyPem());
        config.append("  tls:\n    certificate: " + chain + "\n    key: " + key + "\n");
      }
      if (builder.password) {
        Path htpasswd = folder.resolve("htpasswd");
        Files.writeString(htpasswd, USER + ":" + BCRYPT + "\n");
        config.append("auth:\n  htpasswd:\n    realm: test\n    path: " + htpasswd + "\n");
      }
      Path file = folder.resolve("config.yml");
      Files.writeString(file, config);
      Path log = folder.resolve("registry.log");
      Process process =
          new ProcessBuilder(program.toString(), "serve", file.toString())
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

  /** The registry's port. */
  public int port() {
    return port;
  }

  /** Counts the requests in its log with this method and a path that contains this text. */
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

  /** Builds a {@link DockerRegistry}. */
  public static final class Builder {
    private final Path folder;
    private boolean password;
    private Optional<TlsCertificate> certificate = Optional.empty();

    private Builder(Path folder) {
      this.folder = folder;
    }

    /** Requires {@link #USER} and {@link #PASSWORD}. */
    public Builder password() {
      password = true;
      return this;
    }

    /** Uses TLS. */
    public Builder tls(TlsCertificate with) {
      certificate = Optional.of(with);
      return this;
    }

    public DockerRegistry start() {
      return DockerRegistry.start(this);
    }
  }
}
