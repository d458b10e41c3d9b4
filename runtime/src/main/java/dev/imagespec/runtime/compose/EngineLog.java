package dev.imagespec.runtime.compose;

import dev.imagespec.model.IoReason;
import dev.imagespec.runtime.RegistrationEvent;
import dev.imagespec.runtime.RegistrationListener;
import dev.imagespec.runtime.engine.EngineOutput;
import dev.imagespec.runtime.http.Redaction;
import dev.imagespec.runtime.registry.auth.Credential;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;

/**
 * What an engine printed for one environment. Writes all lines to a file, keeps the last ones in
 * memory, and passes each to the listener at once. Removes secrets and credentials from a line
 * first, however they are spelled.
 */
final class EngineLog implements EngineOutput, AutoCloseable {
  private static final int LAST = 50;
  private static final String HIDDEN = "***";

  private final Path file;
  private final Writer out;
  private final String name;
  private final List<String> steps;
  private final List<String> secrets;
  private final Redaction spellings = new Redaction();
  private final RegistrationListener listener;
  private final Deque<String> last = new ArrayDeque<>();
  private boolean broken;

  /**
   * A log.
   *
   * @param file the file to write to; replaced if it exists
   * @param name a name for the environment, for people
   * @param steps what each step does
   * @param secrets values to remove from lines
   * @param credentials the engine's credentials, to remove from lines
   */
  EngineLog(
      Path file,
      String name,
      List<String> steps,
      Collection<String> secrets,
      Collection<Credential> credentials,
      RegistrationListener listener)
      throws IOException {
    this.file = file;
    this.out = Files.newBufferedWriter(file);
    this.name = name;
    this.steps = List.copyOf(steps);
    // A value of several lines is printed as several lines. Longest first: one may contain another.
    this.secrets =
        secrets.stream()
            .flatMap(String::lines)
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .distinct()
            .sorted((a, b) -> Integer.compare(b.length(), a.length()))
            .toList();
    this.secrets.forEach(spellings::add);
    credentials.forEach(credential -> spellings.addBasic(credential.user(), credential.password()));
    this.listener = listener;
  }

  @Override
  public synchronized void line(String text) {
    String shown = shown(text);
    last.addLast(shown);
    if (last.size() > LAST) {
      last.removeFirst();
    }
    if (!broken) {
      attempt(() -> out.write(shown + "\n"));
    }
    listener.on(new RegistrationEvent.EngineOutput(name, shown));
  }

  @Override
  public void step(int index) {
    if (index >= 0 && index < steps.size()) {
      listener.on(
          new RegistrationEvent.EnvironmentStep(name, index + 1, steps.size(), steps.get(index)));
    }
  }

  private interface Writing {
    void run() throws IOException;
  }

  /**
   * Writes to the file. If that fails, for example on a full disk, warns once and goes on: an
   * engine blocks if nobody reads its output, so the build must not stop here.
   */
  private void attempt(Writing writing) {
    try {
      writing.run();
    } catch (IOException e) {
      if (broken) {
        return;
      }
      broken = true;
      listener.on(
          new RegistrationEvent.Warning(
              name, "the engine's log " + file + " is not whole: " + IoReason.of(e, file)));
    }
  }

  @Override
  public String shown(String text) {
    String shown = spellings.apply(text);
    // Those that are too short to be looked for in other spellings.
    for (String secret : secrets) {
      shown = shown.replace(secret, HIDDEN);
    }
    return shown;
  }

  /** The log file. */
  Path file() {
    return file;
  }

  /** The last lines, at most 50. */
  synchronized List<String> last() {
    return List.copyOf(last);
  }

  @Override
  public synchronized void close() {
    attempt(out::close);
  }
}
