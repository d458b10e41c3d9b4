package dev.imagespec.runtime.engine;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Ends a program with all that it started if this process is killed and can no longer do it itself.
 * A shell starts the program, and beside it a watcher, which reads from a pipe that only this
 * process can write to: it ends when this process does. Needs Linux's list of a process's children.
 */
final class Watcher {
  private static final Path SHELL = Path.of("/bin/sh");
  private static final Path CHILDREN = Path.of("/proc/self/task");

  /**
   * The watcher survives its own request to end, or a killed program's shell would end it first.
   */
  private static final String SCRIPT =
      """
      exec 3<&0 </dev/null
      (
        tree() {
          for child in $(cat /proc/$1/task/*/children 2>/dev/null); do
            [ "$child" = "$self" ] || { echo "$child"; tree "$child"; }
          done
        }
        while read -r line; do :; done
        read -r self name state parent rest </proc/self/stat
        [ "$parent" = $$ ] || exit
        trap '' TERM
        all=$(tree $$)
        kill $all
        for second in 1 2; do
          sleep 1
          all="$all $(tree $$)"
        done
        kill -9 $all
      ) <&3 3<&- >/dev/null 2>&1 &
      watcher=$!
      exec 3<&-
      "$@"
      code=$?
      kill -9 $watcher 2>/dev/null
      exit $code
      """;

  private Watcher() {}

  /** Whether this system can have a watcher. */
  static boolean isPossible() {
    return Files.isExecutable(SHELL) && Files.isDirectory(CHILDREN);
  }

  /**
   * The command by which a program runs with a watcher. It must get a pipe as its standard input,
   * which stays open as long as the program may run.
   *
   * @param words the program and its arguments
   * @throws IOException if there is no such program
   */
  static List<String> watched(List<String> words) throws IOException {
    requireProgram(words.get(0));
    List<String> watched = new ArrayList<>(List.of(SHELL.toString(), "-c", SCRIPT, "imagespec"));
    watched.addAll(words);
    return watched;
  }

  /** A shell would report a missing program with an exit code that others have, too. */
  private static void requireProgram(String program) throws IOException {
    if (program.contains("/")) {
      if (!Files.isExecutable(Path.of(program))) {
        throw new IOException(program + " cannot be executed");
      }
      return;
    }
    String path = System.getenv().getOrDefault("PATH", "");
    for (String folder : path.split(Pattern.quote(File.pathSeparator), -1)) {
      Path file = Path.of(folder, program);
      if (Files.isExecutable(file) && Files.isRegularFile(file)) {
        return;
      }
    }
    throw new IOException(program + " is not on the PATH");
  }
}
