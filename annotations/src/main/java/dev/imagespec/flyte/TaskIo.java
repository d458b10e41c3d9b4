package dev.imagespec.flyte;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Reads the inputs of a Flyte task and writes its outputs.
 *
 * <pre>{@code
 * TaskIo io = new TaskIo();
 * Path text = io.input("text", Path.class);
 * List<String> stopWords = io.list("stop_words", String.class);
 * io.output("words", count(text, stopWords));
 * }</pre>
 *
 * <p>It needs nothing of Flyte but files in the layout of Flyte's co-pilot (raw containers with
 * data configuration): a file for each value, named after its variable; a folder for each list,
 * with files {@code 0}, {@code 1} and so on; a folder for each map, with a file for each key. A
 * type of {@code @FlyteTask} has a class here:
 *
 * <table>
 * <caption>Types</caption>
 * <tr><th>Flyte</th><th>Java</th><th>in the file</th></tr>
 * <tr><td>INTEGER</td><td>{@link Long}</td><td>{@code 42}</td></tr>
 * <tr><td>FLOAT</td><td>{@link Double}</td><td>{@code 0.5}</td></tr>
 * <tr><td>STRING</td><td>{@link String}</td><td>the text, in UTF-8</td></tr>
 * <tr><td>BOOLEAN</td><td>{@link Boolean}</td><td>{@code true}</td></tr>
 * <tr><td>DATETIME</td><td>{@link Instant}</td><td>{@code 2026-11-01T12:00:00.5Z} (RFC 3339)</td></tr>
 * <tr><td>DURATION</td><td>{@link Duration}</td><td>{@code 1h30m0.5s}</td></tr>
 * <tr><td>FILE, FOLDER</td><td>{@link Path}</td><td>the file or folder itself</td></tr>
 * </table>
 *
 * <p>Methods throw {@link IllegalArgumentException} for what the caller does wrong, {@link
 * IllegalStateException} if the folders do not have what the task expects, and {@link
 * UncheckedIOException} if a file cannot be read or written. No message has a value.
 */
public final class TaskIo {
  /** Where {@code @FlyteTask} lets Flyte put the inputs. */
  public static final Path INPUTS = Path.of("/var/inputs");

  /** Where {@code @FlyteTask} lets Flyte look for the outputs. */
  public static final Path OUTPUTS = Path.of("/var/outputs");

  /** More is refused by the co-pilot ({@code maxPrimitiveSize}), after the task has run. */
  private static final int MAX_VALUE = 1024;

  /** More is refused by the co-pilot, and then nobody sees any of it. */
  private static final int MAX_ERROR = 1024 * 1024;

  /** The file that makes the task fail. */
  private static final String ERROR = "_ERROR";

  /** What the co-pilot writes beside the inputs. No variable has such a name. */
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z][A-Za-z0-9_]{0,254}");

  private final Path inputs;
  private final Path outputs;

  /** The inputs and outputs of a task that runs in Flyte. */
  public TaskIo() {
    this(INPUTS, OUTPUTS);
  }

  /** The inputs and outputs in other folders, as for a test. */
  public TaskIo(Path inputs, Path outputs) {
    this.inputs = inputs;
    this.outputs = outputs;
  }

  /**
   * An input with one value.
   *
   * @param type the Java class of its type, such as {@code Long.class}
   */
  public <T> T input(String name, Class<T> type) {
    Values<T> values = Values.of(type);
    return values.read(existing(name), describe("input", name));
  }

  /** An input that is a list, in its order. */
  public <T> List<T> list(String name, Class<T> type) {
    Values<T> values = Values.of(type);
    Path folder = folder(name, "list");
    List<T> list = new ArrayList<>();
    int size = entries(folder).size();
    for (int i = 0; i < size; i++) {
      Path entry = folder.resolve(String.valueOf(i));
      if (!Files.exists(entry)) {
        throw new IllegalStateException(
            describe("input", name) + " is no list: in " + folder + " there is no file " + i);
      }
      list.add(values.read(entry, "entry " + i + " of " + describe("input", name)));
    }
    return Collections.unmodifiableList(list);
  }

  /** An input that is a map, sorted by its keys. */
  public <T> Map<String, T> map(String name, Class<T> type) {
    Values<T> values = Values.of(type);
    Path folder = folder(name, "map");
    Map<String, T> map = new TreeMap<>();
    for (String key : entries(folder)) {
      map.put(key, values.read(folder.resolve(key), "an entry of " + describe("input", name)));
    }
    return Collections.unmodifiableMap(map);
  }

  /** Writes an output of the type INTEGER. */
  public void output(String name, long value) {
    write(name, Long.toString(value));
  }

  /** Writes an output of the type FLOAT. */
  public void output(String name, double value) {
    write(name, Double.toString(value));
  }

  /**
   * Writes an output of the type STRING: at most 1024 bytes. Flyte takes spaces, tabs and line
   * feeds off both of its ends. For longer texts declare a FILE.
   */
  public void output(String name, String value) {
    write(name, value);
  }

  /** Writes an output of the type BOOLEAN. */
  public void output(String name, boolean value) {
    write(name, Boolean.toString(value));
  }

  /** Writes an output of the type DATETIME: in the years 1 to 9999. */
  public void output(String name, Instant value) {
    write(name, Values.text(value));
  }

  /** Writes an output of the type DURATION: at most 292 years. */
  public void output(String name, Duration value) {
    write(name, Values.text(value));
  }

  /**
   * The path of an output of the type FILE or FOLDER, for the task to write: one file, or a folder
   * with files. Nothing is there yet. Flyte takes it after the program has ended.
   */
  public Path outputPath(String name) {
    String file = checked("output", name);
    return madeOutputs().resolve(file);
  }

  /**
   * Makes the task fail with a message, which Flyte shows as the error of the user's code, after
   * the program has ended, whatever its exit status; the outputs do not count then. The run is
   * repeated if the task has retries left. Flyte looks for it only if the task has outputs: without
   * them, a task fails by its exit status.
   *
   * @param message the message, of which Flyte takes a mebibyte
   */
  public void fail(String message) {
    byte[] bytes = message.getBytes(StandardCharsets.UTF_8);
    int length = Math.min(bytes.length, MAX_ERROR);
    // Not in the middle of a character.
    while (length < bytes.length && length > 0 && (bytes[length] & 0xC0) == 0x80) {
      length--;
    }
    writeAtomically(ERROR, Arrays.copyOf(bytes, length));
  }

  private static String describe(String kind, String name) {
    return "the " + kind + " \"" + name + "\"";
  }

  private static String checked(String kind, String name) {
    if (!VARIABLE.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "an "
              + kind
              + "'s name is a letter, then letters, digits and underscores, at most 255: declare and"
              + " use another name");
    }
    return name;
  }

  private Path existing(String name) {
    Path path = inputs.resolve(checked("input", name));
    if (Files.exists(path)) {
      return path;
    }
    if (!Files.isDirectory(inputs)) {
      throw new IllegalStateException(
          "there is no folder "
              + inputs
              + " with inputs. Flyte makes it; elsewhere make it, with a file for each input, or name"
              + " other folders with new TaskIo(inputs, outputs)");
    }
    List<String> there =
        entries(inputs).stream().filter(entry -> VARIABLE.matcher(entry).matches()).toList();
    throw new IllegalStateException(
        "there is no input \""
            + name
            + "\" in "
            + inputs
            + (there.isEmpty() ? ", nor any other" : ", only " + String.join(", ", there))
            + "; declare it in inputs of @FlyteTask, or use a name from there");
  }

  private Path folder(String name, String what) {
    Path folder = existing(name);
    if (!Files.isDirectory(folder)) {
      throw new IllegalStateException(
          describe("input", name)
              + " is no "
              + what
              + ", because "
              + folder
              + " is no folder; read it with input, or declare its shape in @FlyteTask");
    }
    return folder;
  }

  /** The names in a folder, sorted. */
  private static List<String> entries(Path folder) {
    try (Stream<Path> list = Files.list(folder)) {
      return list.map(entry -> String.valueOf(entry.getFileName())).sorted().toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(String name, String text) {
    byte[] bytes;
    try {
      bytes = Values.encoded(text);
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(
          describe("output", name) + " has half of a surrogate pair, which no file can hold", e);
    }
    if (bytes.length > MAX_VALUE) {
      throw new IllegalArgumentException(
          describe("output", name)
              + " has "
              + bytes.length
              + " bytes, and Flyte takes "
              + MAX_VALUE
              + " at most; declare a FILE in @FlyteTask and write it to outputPath(\""
              + name
              + "\")");
    }
    writeAtomically(checked("output", name), bytes);
  }

  /** A program that ends in the middle leaves no half of an output. */
  private void writeAtomically(String name, byte[] bytes) {
    Path folder = madeOutputs();
    // The co-pilot takes name.* for the output, too, so the dot stands in front.
    Path part = folder.resolve("." + name.substring(0, Math.min(name.length(), 200)) + ".part");
    try {
      Files.write(part, bytes);
      Files.move(
          part,
          folder.resolve(name),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path madeOutputs() {
    try {
      return Files.createDirectories(outputs);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
