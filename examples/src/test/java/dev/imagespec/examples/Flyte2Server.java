package dev.imagespec.examples;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.imagespec.testkit.ExternalTool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Flyte 2's task service, in node: a real Connect server with Flyte's own messages ({@code
 * src/test/flyte2-server}). Its packages are installed below {@code target} once.
 */
final class Flyte2Server implements AutoCloseable {
  private static final Path SOURCE = Path.of("src", "test", "flyte2-server");
  private static final Path INSTALLED = Path.of("target", "flyte2-server");
  private static final List<String> FILES =
      List.of("package.json", "package-lock.json", "server.ts");
  private static final Pattern PORT = Pattern.compile("\\{\"port\":([0-9]+)\\}");

  private final Process process;
  private final Path journal;
  private final int port;

  private Flyte2Server(Process process, Path journal, int port) {
    this.process = process;
    this.journal = journal;
    this.port = port;
  }

  /**
   * Skips a test, with a message, where node or its packages are missing; where tools are required,
   * it fails.
   */
  static void require() {
    Optional<String> missing = ExternalTool.missing("node", "npm").or(Flyte2Server::install);
    if (missing.isPresent() && ExternalTool.required()) {
      throw new IllegalStateException(missing.get());
    }
    assumeTrue(missing.isEmpty(), missing.orElse(""));
  }

  /**
   * Starts a server.
   *
   * @param folder for its journal
   * @param environment what it is told, such as {@code FLYTE2_PROJECTS}
   */
  static Flyte2Server start(Path folder, Map<String, String> environment) throws IOException {
    Path journal = Files.createTempFile(folder, "flyte2-", ".jsonl");
    ProcessBuilder builder =
        new ProcessBuilder("node", INSTALLED.resolve("server.cjs").toString())
            .redirectError(folder.resolve("flyte2.err").toFile());
    builder.environment().putAll(environment);
    builder.environment().put("FLYTE2_JOURNAL", journal.toString());
    Process process = builder.start();
    BufferedReader output = process.inputReader(StandardCharsets.UTF_8);
    Matcher line = PORT.matcher(String.valueOf(output.readLine()));
    if (!line.matches()) {
      process.destroyForcibly();
      throw new IllegalStateException(
          "no server: " + Files.readString(folder.resolve("flyte2.err")));
    }
    return new Flyte2Server(process, journal, Integer.parseInt(line.group(1)));
  }

  /** The fields of a task template, as Flyte's own messages have them. */
  static List<String> fields() {
    return ExternalTool.run("node", INSTALLED.resolve("server.cjs").toString(), "fields")
        .lines()
        .toList();
  }

  String endpoint() {
    return "http://localhost:" + port;
  }

  /** A line of JSON for each request so far. */
  List<String> journal() throws IOException {
    return Files.readAllLines(journal);
  }

  /** How many requests for a method there were. */
  long count(String method) throws IOException {
    return journal().stream()
        .filter(line -> line.contains("\"method\":\"" + method + "\""))
        .count();
  }

  /** Forgets the requests so far. */
  void forget() throws IOException {
    Files.writeString(journal, "");
  }

  /** Installs and bundles the server, unless that was done. */
  private static synchronized Optional<String> install() {
    try {
      Files.createDirectories(INSTALLED);
      // Builds that run at the same time wait for each other.
      try (FileChannel channel =
              FileChannel.open(
                  INSTALLED.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          FileLock lock = channel.lock()) {
        StringBuilder sources = new StringBuilder();
        for (String file : FILES) {
          sources.append(Files.readString(SOURCE.resolve(file)));
        }
        Path stamp = INSTALLED.resolve("installed");
        if (lock.isValid()
            && Files.exists(stamp)
            && Files.readString(stamp).contentEquals(sources)) {
          return Optional.empty();
        }
        Files.deleteIfExists(stamp);
        for (String file : FILES) {
          Files.writeString(INSTALLED.resolve(file), Files.readString(SOURCE.resolve(file)));
        }
        Optional<String> failure =
            npm("ci", "--ignore-scripts", "--no-audit", "--no-fund")
                .or(() -> npm("run", "--silent", "build"));
        if (failure.isEmpty()) {
          Files.writeString(stamp, sources);
        }
        return failure;
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Optional<String> npm(String... arguments) {
    List<String> command = new ArrayList<>(List.of("npm", "--prefix", INSTALLED.toString()));
    command.addAll(List.of(arguments));
    ExternalTool.Result result = ExternalTool.attempt(Map.of(), command.toArray(String[]::new));
    return result.status() == 0
        ? Optional.empty()
        : Optional.of(String.join(" ", command) + " failed:\n" + result.output());
  }

  /** Ends the server as its parent's end does: it reads the end of its input. */
  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        throw new IllegalStateException("the server goes on without its parent");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      process.destroyForcibly();
    }
  }
}
