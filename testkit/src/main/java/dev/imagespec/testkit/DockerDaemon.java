package dev.imagespec.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A Docker daemon from Debian's package {@code docker.io}. It has its own socket, containers and
 * images, separate from a daemon that the machine may run. Needs root.
 *
 * <p>It has no bridge network, so builds need {@code --network=host}. Registries on this machine
 * need no TLS. Its processes and mounts are in their own namespaces, so they end with it however it
 * ends.
 */
public final class DockerDaemon implements AutoCloseable {
  /** The programs that it needs. */
  private static final String[] TOOLS = {"dockerd", "docker", "unshare", "mount"};

  /**
   * The longest path of a socket that Linux accepts. {@link #DEEPEST_SOCKET} of {@code containerd}
   * must fit.
   */
  private static final int LONGEST_SOCKET = 107;

  private static final String DEEPEST_SOCKET = "exec/containerd/containerd-debug.sock";

  private static final int PATIENCE_MILLIS = 60_000;

  /**
   * Mounts a new {@code /run/containerd}, because sockets of containers' shims have fixed paths
   * there, which a daemon of the machine uses too.
   */
  private static final String SCRIPT =
      """
      set -e
      mkdir -p /run/containerd "$1/data"
      mount -t tmpfs tmpfs /run/containerd
      if [ -n "$2" ]; then mount -t tmpfs -o size="$2" tmpfs "$1/data"; fi
      exec "$0" --iptables=false --bridge=none --data-root="$1/data" --exec-root="$1/exec" \
        --pidfile="$1/pid" --max-download-attempts=1 --host="unix://$1/docker.sock" $3
      """;

  private static final String CERTIFICATE = "ca.pem";

  private final Process process;
  private final Path folder;
  private final OptionalInt tlsPort;

  private DockerDaemon(Process process, Path folder, OptionalInt tlsPort) {
    this.process = process;
    this.folder = folder;
    this.tlsPort = tlsPort;
  }

  /**
   * The tools that are missing to start a daemon.
   *
   * @return a message that says what to install; empty if nothing is missing
   * @throws IllegalStateException with that message if tools are required
   */
  public static Optional<String> missing() {
    return ExternalTool.missing(TOOLS);
  }

  /**
   * Starts a daemon, and waits until it answers.
   *
   * @param folder an empty folder with a short path, for all its files
   */
  public static DockerDaemon start(Path folder) {
    return start(folder, OptionalLong.empty(), OptionalInt.empty());
  }

  /**
   * Starts a daemon that listens on a port, too, for those who have a certificate. The certificates
   * are in {@link #home}, where Docker's programs look for them.
   *
   * @param folder an empty folder with a short path
   */
  public static DockerDaemon startWithTls(Path folder) {
    try {
      certificates(Files.createDirectories(folder.toAbsolutePath().resolve("home/.docker")));
      return start(folder, OptionalLong.empty(), OptionalInt.of(freePort()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  /** One certificate for all: it signs itself, and both sides show it. */
  private static void certificates(Path folder) throws IOException {
    TlsCertificate certificate = TlsCertificate.of(folder);
    Files.writeString(folder.resolve(CERTIFICATE), certificate.certificatePem());
    Files.writeString(folder.resolve("cert.pem"), certificate.certificatePem());
    Files.writeString(folder.resolve("key.pem"), certificate.privateKeyPem());
  }

  /**
   * Starts a daemon with limited space for images, containers and caches, which are in memory.
   *
   * @param folder an empty folder with a short path
   * @param bytes the size of that space
   */
  public static DockerDaemon startWithin(Path folder, long bytes) {
    return start(folder, OptionalLong.of(bytes), OptionalInt.empty());
  }

  private static DockerDaemon start(Path given, OptionalLong bytes, OptionalInt tlsPort) {
    Path folder = given.toAbsolutePath();
    if (folder.resolve(DEEPEST_SOCKET).toString().length() > LONGEST_SOCKET) {
      throw new IllegalArgumentException("too long for sockets: " + folder);
    }
    Path program =
        ExternalTool.find("dockerd")
            .orElseThrow(() -> new IllegalStateException("docker.io is not installed"));
    try {
      Files.createDirectories(folder.resolve("config"));
      Process process =
          new ProcessBuilder(
                  "unshare",
                  "--mount",
                  "--pid",
                  "--fork",
                  "--kill-child",
                  "--mount-proc",
                  "sh",
                  "-c",
                  SCRIPT,
                  program.toString(),
                  folder.toString(),
                  bytes.isPresent() ? String.valueOf(bytes.getAsLong()) : "",
                  tlsPort.isPresent() ? tls(folder, tlsPort.getAsInt()) : "")
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("dockerd.log").toFile())
              .start();
      DockerDaemon daemon = new DockerDaemon(process, folder, tlsPort);
      daemon.await();
      return daemon;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String tls(Path folder, int port) {
    Path certificates = folder.resolve("home/.docker");
    return "--host=tcp://127.0.0.1:%d --tlsverify --tlscacert=%s --tlscert=%s --tlskey=%s"
        .formatted(
            port,
            certificates.resolve(CERTIFICATE),
            certificates.resolve("cert.pem"),
            certificates.resolve("key.pem"));
  }

  /** The home folder of somebody who may use its port: the value of {@code HOME}. */
  public Path home() {
    return folder.resolve("home");
  }

  /**
   * The address of its port: the value of {@code DOCKER_HOST} with {@code DOCKER_TLS_VERIFY=1}.
   *
   * @throws java.util.NoSuchElementException if it was started without
   */
  public String tlsHost() {
    return "tcp://127.0.0.1:" + tlsPort.orElseThrow();
  }

  /** The address on which it listens: the value of {@code DOCKER_HOST}. */
  public String host() {
    return "unix://" + folder.resolve("docker.sock");
  }

  /**
   * The environment variables for a program that uses this daemon through Debian's {@code docker},
   * without the user's configuration: {@code DOCKER_HOST}, {@code DOCKER_CONFIG} and {@code PATH}.
   */
  public Map<String, String> environment() {
    return Map.of(
        "DOCKER_HOST",
        host(),
        "DOCKER_CONFIG",
        folder.resolve("config").toString(),
        "PATH",
        client().getParent() + File.pathSeparator + System.getenv().getOrDefault("PATH", ""));
  }

  /**
   * Debian's {@code docker} if it is installed, even if another one comes first on the search path.
   */
  public static Path client() {
    Path debian = Path.of("/usr/bin/docker");
    return Files.isExecutable(debian)
        ? debian
        : ExternalTool.find("docker")
            .orElseThrow(() -> new IllegalStateException("docker.io is not installed"));
  }

  /**
   * Runs {@code docker} with this daemon.
   *
   * @param arguments the arguments of {@code docker}
   */
  public ExternalTool.Result docker(String... arguments) {
    List<String> command = new ArrayList<>(List.of(client().toString()));
    command.addAll(List.of(arguments));
    return ExternalTool.attempt(environment(), command.toArray(String[]::new));
  }

  /** The log so far. */
  public String log() {
    try {
      return Files.readString(folder.resolve("dockerd.log"), Charset.defaultCharset());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Kills it, like a crash, with everything that runs in it. */
  public void kill() {
    // The first process of a namespace ends after all others.
    List<ProcessHandle> first = process.children().toList();
    process.destroyForcibly();
    try {
      process.onExit().get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
      for (ProcessHandle handle : first) {
        handle.onExit().get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      throw new IllegalStateException("dockerd does not end", e);
    }
  }

  private void await() throws IOException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(PATIENCE_MILLIS);
    while (docker("version").status() != 0) {
      if (!process.isAlive() || System.nanoTime() > end) {
        close();
        throw new IOException("dockerd does not answer: " + log());
      }
      try {
        Thread.sleep(100);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        close();
        throw new IOException("interrupted", e);
      }
    }
  }

  /**
   * Stops it with everything that runs in it, and deletes its images and containers, but not its
   * log.
   */
  @Override
  public void close() {
    // First stop it cleanly, so that it removes its control groups.
    process.children().forEach(ProcessHandle::destroy);
    try {
      process.waitFor(10, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    kill();
    ExternalTool.run(
        "rm", "-rf", folder.resolve("data").toString(), folder.resolve("exec").toString());
  }
}
