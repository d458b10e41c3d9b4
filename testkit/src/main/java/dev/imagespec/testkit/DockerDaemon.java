package dev.imagespec.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * The Docker engine, as Debian's package {@code docker.io} has it, beside one that the machine may
 * run: a socket, containers and images of its own. Needs root.
 *
 * <p>It has no network of its own, so builds need {@code --network=host}. Registries on this
 * machine need no TLS. Its processes and mounts are in namespaces of their own and end with it,
 * whatever ends it.
 */
public final class DockerDaemon implements AutoCloseable {
  /** The programs it needs. */
  private static final String[] TOOLS = {"dockerd", "docker", "unshare", "mount"};

  /** Kernels take paths of sockets up to here; {@code containerd} makes this one. */
  private static final int LONGEST_SOCKET = 107;

  private static final String DEEPEST_SOCKET = "exec/containerd/containerd-debug.sock";

  private static final int PATIENCE_MILLIS = 60_000;

  /**
   * Sockets of containers' shims have fixed places; a daemon of the machine has them there, too.
   */
  private static final String SCRIPT =
      """
      set -e
      mkdir -p /run/containerd "$1/data"
      mount -t tmpfs tmpfs /run/containerd
      if [ -n "$2" ]; then mount -t tmpfs -o size="$2" tmpfs "$1/data"; fi
      exec "$0" --iptables=false --bridge=none --data-root="$1/data" --exec-root="$1/exec" \
        --pidfile="$1/pid" --max-download-attempts=1 --host="unix://$1/docker.sock"
      """;

  private final Process process;
  private final Path folder;

  private DockerDaemon(Process process, Path folder) {
    this.process = process;
    this.folder = folder;
  }

  /**
   * The tools that are missing to start one.
   *
   * @return a message that says what to install; empty if nothing is missing
   * @throws IllegalStateException with that message where tools are required
   */
  public static Optional<String> missing() {
    return ExternalTool.missing(TOOLS);
  }

  /**
   * Starts one, and waits until it answers.
   *
   * @param folder one that nothing else is in, with a short path: where it keeps everything
   */
  public static DockerDaemon start(Path folder) {
    return start(folder, OptionalLong.empty());
  }

  /**
   * Starts one whose images, containers and caches have to do with few bytes of memory.
   *
   * @param folder one that nothing else is in, with a short path
   * @param bytes how much room it has
   */
  public static DockerDaemon startWithin(Path folder, long bytes) {
    return start(folder, OptionalLong.of(bytes));
  }

  private static DockerDaemon start(Path given, OptionalLong bytes) {
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
                  bytes.isPresent() ? String.valueOf(bytes.getAsLong()) : "")
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("dockerd.log").toFile())
              .start();
      DockerDaemon daemon = new DockerDaemon(process, folder);
      daemon.await();
      return daemon;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where it listens: the value of {@code DOCKER_HOST}. */
  public String host() {
    return "unix://" + folder.resolve("docker.sock");
  }

  /**
   * The environment of a program that is to use this daemon through Debian's {@code docker},
   * without a configuration of the user's: {@code DOCKER_HOST}, {@code DOCKER_CONFIG} and {@code
   * PATH}.
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
   * Debian's {@code docker}, whatever stands before it on the search path; another one where that
   * is not installed.
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
   * @param arguments without the program
   */
  public ExternalTool.Result docker(String... arguments) {
    List<String> command = new ArrayList<>(List.of(client().toString()));
    command.addAll(List.of(arguments));
    return ExternalTool.attempt(environment(), command.toArray(String[]::new));
  }

  /** What it logged so far. */
  public String log() {
    try {
      return Files.readString(folder.resolve("dockerd.log"), Charset.defaultCharset());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends it at once, as a crash does, with all that runs in it. */
  public void kill() {
    // The first process of a namespace is gone when all others of it are.
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

  /** Ends it with all that runs in it, and deletes its images and containers, not its log. */
  @Override
  public void close() {
    // First as it wishes, so that it removes its control groups.
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
