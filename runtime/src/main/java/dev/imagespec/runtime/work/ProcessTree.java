package dev.imagespec.runtime.work;

import dev.imagespec.runtime.RegistryCredential;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * A program that runs, with all processes that it started. Closing it ends them all, and so does
 * the end of this process.
 *
 * <p>A process whose parent has ended is nobody's child. On Linux, it is found by a variable in its
 * environment. If it has also opened a session of its own, it is a service that is meant to stay,
 * such as {@code gpg-agent}, and is left alone.
 */
public final class ProcessTree implements AutoCloseable {
  private static final String MARK = "IMAGESPEC_PROCESS_TREE";
  private static final Path PROCESSES = Path.of("/proc");

  /** Indexes of fields in {@code /proc/PID/stat}, from the one after the name. */
  private static final int STATE = 0;

  private static final int SESSION = 3;
  private static final String ENDED = "Z";

  private final Process process;
  private final String mark;
  private final Duration grace;
  private final AtExit atExit;

  private ProcessTree(Process process, String mark, Duration grace) {
    this.process = process;
    this.mark = mark;
    this.grace = grace;
    // If a signal ends this process, what it started must end, too.
    this.atExit = AtExit.of("imagespec-processes-end", this::end);
  }

  /**
   * Starts a program. It does not get the registry's credential from this process's environment.
   *
   * @param grace how long its processes have to end when asked, before they are killed
   * @throws IOException if it cannot be started
   */
  public static ProcessTree start(ProcessBuilder builder, Duration grace) throws IOException {
    String mark = UUID.randomUUID().toString();
    builder.environment().put(MARK, mark);
    builder.environment().keySet().removeAll(RegistryCredential.VARIABLES);
    return new ProcessTree(builder.start(), MARK + "=" + mark, grace);
  }

  /** The program itself. */
  public Process process() {
    return process;
  }

  /** Ends the program and everything it started: asks first, then kills. */
  public void end() {
    Set<ProcessHandle> tree = new LinkedHashSet<>();
    long deadline = System.nanoTime() + grace.toNanos();
    do {
      // Some start new processes before they notice the request: ask those, too.
      started(tree).forEach(ProcessHandle::destroy);
    } while (isAlive(tree) && System.nanoTime() < deadline && paused());
    while (isAlive(tree)) {
      started(tree);
      tree.forEach(ProcessHandle::destroyForcibly);
      if (!paused()) {
        return;
      }
    }
  }

  @Override
  public void close() {
    end();
    atExit.close();
  }

  /** Adds newly started processes to the tree, and returns them. */
  private List<ProcessHandle> started(Set<ProcessHandle> tree) {
    List<ProcessHandle> known = new ArrayList<>(tree);
    known.add(process.toHandle());
    Stream<ProcessHandle> children =
        known.stream().flatMap(handle -> Stream.concat(Stream.of(handle), handle.descendants()));
    return Stream.concat(children, orphans().stream()).filter(tree::add).toList();
  }

  private List<ProcessHandle> orphans() {
    if (!Files.isDirectory(PROCESSES)) {
      return List.of();
    }
    String ours = session(ProcessHandle.current());
    try (Stream<ProcessHandle> all = ProcessHandle.allProcesses()) {
      return all.filter(handle -> isMarked(handle) && session(handle).equals(ours)).toList();
    }
  }

  /** Whether a process has our variable, which it has from whoever started it. */
  private boolean isMarked(ProcessHandle handle) {
    // Separated by NUL; what is no text does not matter here.
    return read(handle, "environ").contains(mark);
  }

  /** The number of a process's session. */
  private static String session(ProcessHandle handle) {
    List<String> fields = stat(handle);
    return fields.size() > SESSION ? fields.get(SESSION) : "";
  }

  /** What Linux says of a process after its name, which may contain anything. */
  private static List<String> stat(ProcessHandle handle) {
    String stat = read(handle, "stat");
    return List.of(stat.substring(stat.lastIndexOf(')') + 1).strip().split(" "));
  }

  /** A file about a process; empty if it has ended, or is another user's. */
  private static String read(ProcessHandle handle, String file) {
    try {
      Path path = PROCESSES.resolve(Long.toString(handle.pid())).resolve(file);
      return new String(Files.readAllBytes(path), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return "";
    }
  }

  private static boolean isAlive(Set<ProcessHandle> tree) {
    // One that has ended stays in the list of processes until its new parent takes notice.
    return tree.stream().anyMatch(one -> one.isAlive() && !stat(one).get(STATE).equals(ENDED));
  }

  /** Waits a moment; returns false if it was interrupted. */
  private static boolean paused() {
    try {
      TimeUnit.MILLISECONDS.sleep(20);
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }
}
