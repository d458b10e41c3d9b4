package dev.imagespec.runtime.engine;

import dev.imagespec.model.IoReason;
import dev.imagespec.runtime.work.ProcessTree;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;

/**
 * A program to run. When a call returns, the program and all processes that it started have ended.
 * If this process is killed meanwhile, they end, too.
 */
final class Command {
  private static final Duration GRACE = Duration.ofSeconds(5);

  /** How many characters of a line of output are read; the rest of the line is dropped. */
  private static final int LONGEST_LINE = 16_384;

  private final List<String> words = new ArrayList<>();
  private final Map<String, String> environment = new TreeMap<>();
  private final Set<String> removed = new TreeSet<>();

  Command(String... program) {
    words.addAll(List.of(program));
  }

  Command with(String... more) {
    words.addAll(List.of(more));
    return this;
  }

  /** A copy of the command, to extend in another way. */
  Command copy() {
    Command copy = new Command(words.toArray(String[]::new)).variables(environment);
    copy.removed.addAll(removed);
    return copy;
  }

  /** Sets an environment variable; unlike an argument, it does not show in process lists. */
  Command variable(String name, String value) {
    environment.put(name, value);
    return this;
  }

  /** Removes an environment variable of this process from the program's environment. */
  Command without(String name) {
    removed.add(name);
    return this;
  }

  Command variables(Map<String, String> more) {
    environment.putAll(more);
    return this;
  }

  /**
   * Runs the program until it ends.
   *
   * @return its exit code
   * @throws IOException if it cannot be started
   * @throws EngineException with {@link EngineException.Kind#TIMEOUT} if it takes too long
   * @throws InterruptedException if the thread is interrupted
   */
  int run(Duration timeout, EngineOutput output)
      throws IOException, EngineException, InterruptedException {
    boolean isWatched = Watcher.isPossible();
    ProcessBuilder builder =
        new ProcessBuilder(isWatched ? Watcher.watched(words) : words).redirectErrorStream(true);
    builder.environment().keySet().removeAll(removed);
    builder.environment().putAll(environment);
    try (ProcessTree tree = ProcessTree.start(builder, GRACE)) {
      Process process = tree.process();
      Thread reader = new Thread(() -> read(process, output), "imagespec-engine-output");
      reader.setDaemon(true);
      reader.start();
      try {
        if (!isWatched) {
          process.getOutputStream().close();
        }
        if (!process.waitFor(timeout.toMillis(), TimeUnit.MILLISECONDS)) {
          throw new EngineException(
              EngineException.Kind.TIMEOUT,
              words.get(0)
                  + " took longer than "
                  + timeout.toString().substring(2).toLowerCase(java.util.Locale.ROOT)
                  + " and was ended. Give it more time with the setting imagespec.engine.timeout.");
        }
        return process.exitValue();
      } finally {
        // Whatever it has left running may hold its output open.
        tree.end();
        process.getOutputStream().close();
        reader.join(GRACE.toMillis());
      }
    }
  }

  /** Runs a program that answers at once, and returns its output. */
  Answer ask() throws InterruptedException {
    List<String> lines = Collections.synchronizedList(new ArrayList<>());
    try {
      int code = run(Duration.ofSeconds(30), lines::add);
      return new Answer(code, List.copyOf(lines));
    } catch (IOException e) {
      return new Answer(-1, List.of(IoReason.of(e)));
    } catch (EngineException e) {
      return new Answer(-1, List.of(e.getMessage()));
    }
  }

  /**
   * The output of a program.
   *
   * @param code its exit code; -1 if it could not be run
   * @param lines the lines that it printed
   */
  record Answer(int code, List<String> lines) {
    boolean isGood() {
      return code == 0;
    }

    String text() {
      return String.join("\n", lines).strip();
    }

    /** The last line, which usually describes a failure. */
    String last() {
      List<String> said = lines.stream().filter(line -> !line.isBlank()).toList();
      return said.isEmpty() ? "it said nothing" : said.get(said.size() - 1).strip();
    }
  }

  private static void read(Process process, EngineOutput output) {
    try (BufferedReader in =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
      readLines(in, output);
    } catch (IOException e) {
      // The pipe breaks when the process is killed; all output before that was read.
      output.line("(the output ends here: " + IoReason.of(e) + ")");
    }
  }

  /** Reads lines up to a length: a step may print without end, and without a line break. */
  private static void readLines(Reader in, EngineOutput output) throws IOException {
    StringBuilder line = new StringBuilder();
    int last = '\n';
    for (int c = in.read(); c >= 0; c = in.read()) {
      if (c == '\n' || c == '\r') {
        if (c == '\r' || last != '\r') {
          output.line(line.toString());
        }
        line.setLength(0);
      } else if (line.length() < LONGEST_LINE) {
        line.append((char) c);
      }
      last = c;
    }
    if (!line.isEmpty()) {
      output.line(line.toString());
    }
  }
}
