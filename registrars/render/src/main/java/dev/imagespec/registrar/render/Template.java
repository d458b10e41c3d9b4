package dev.imagespec.registrar.render;

import dev.imagespec.model.IoReason;
import dev.imagespec.model.Printable;
import dev.imagespec.model.Spelling;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.work.BoundedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A text file in which names of task classes stand for their images.
 *
 * @param file where it is
 * @param text its text
 * @param places where a task's name is a whole value, in order
 * @param odd warnings of values that look like a task's name and are none
 */
record Template(Path file, String text, List<Place> places, List<String> odd) {
  /** How large it may be, in bytes. */
  private static final int MOST = 16 << 20;

  private static final int MOST_WARNINGS = 20;

  Template {
    places = List.copyOf(places);
    odd = List.copyOf(odd);
  }

  /**
   * A task's name as a value.
   *
   * @param task the task's binary name
   * @param value where it stands
   * @param line its line, from 1
   */
  record Place(String task, Value value, int line) {}

  /**
   * Reads a file.
   *
   * @param tasks the binary names of the tasks; in the file they may have their canonical names,
   *     too
   * @throws ImageSpecException with {@link FailureCode#INVALID_FILE} if it cannot be read, or has
   *     no task
   */
  static Template read(Path file, Collection<String> tasks) {
    String text;
    try {
      text =
          StandardCharsets.UTF_8
              .newDecoder()
              .decode(ByteBuffer.wrap(BoundedFile.read(file, MOST)))
              .toString();
    } catch (IOException e) {
      throw new ImageSpecException(
          FailureCode.INVALID_FILE,
          "The file to render " + file + " cannot be read: " + IoReason.of(e, file) + ".",
          e);
    }
    Template template = of(file, text, tasks);
    if (template.places.isEmpty()) {
      throw new ImageSpecException(
          FailureCode.INVALID_FILE,
          "The file to render "
              + file
              + " names no task; where an image belongs, write a task class's name as the whole value,"
              + " such as image: "
              + tasks.stream().findFirst().orElse("com.acme.Report")
              + "."
              + (template.odd.isEmpty() ? "" : " " + template.odd.get(0)));
    }
    return template;
  }

  static Template of(Path file, String text, Collection<String> tasks) {
    Map<String, String> names = new TreeMap<>();
    Set<String> packages = new TreeSet<>();
    for (String task : tasks) {
      names.put(task.replace('$', '.'), task);
      packages.add(packageOf(task));
    }
    tasks.forEach(task -> names.put(task, task));
    List<Place> places = new ArrayList<>();
    List<String> odd = new ArrayList<>();
    int line = 1;
    int counted = 0;
    for (Value value : values(file, text)) {
      line += (int) text.substring(counted, value.start()).chars().filter(c -> c == '\n').count();
      counted = value.start();
      String task = names.get(value.text());
      if (task != null) {
        places.add(new Place(task, value, line));
      } else if (packages.contains(packageOf(value.text())) && odd.size() < MOST_WARNINGS) {
        odd.add(
            file
                + ", line "
                + line
                + ": "
                + Printable.value(value.text())
                + " is no task"
                + Spelling.meant(value.text(), names.keySet().stream())
                    .map(meant -> "; did you mean " + meant + "?")
                    .orElse(", and stays as it is."));
      }
    }
    return new Template(file, text, places, odd);
  }

  /** The package of a class's name; a text without one has none, so that it is no task's. */
  private static String packageOf(String name) {
    int dot = name.lastIndexOf('.');
    return dot < 0 || !name.matches("[\\p{javaJavaIdentifierPart}.]+")
        ? name
        : name.substring(0, dot);
  }

  private static List<Value> values(Path file, String text) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    Optional<List<Value>> yaml =
        name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json")
            ? YamlValues.of(text)
            : Optional.empty();
    return yaml.orElseGet(() -> LineValues.of(text));
  }

  /** The tasks that it names. */
  Set<String> tasks() {
    Set<String> tasks = new TreeSet<>();
    places.forEach(place -> tasks.add(place.task()));
    return tasks;
  }

  /** The text with another text in each place; all else stays as it is. */
  String with(Function<String, String> images) {
    StringBuilder out = new StringBuilder(text.length() + 100 * places.size());
    int done = 0;
    for (Place place : places) {
      out.append(text, done, place.value().start()).append(images.apply(place.task()));
      done = place.value().end();
    }
    return out.append(text, done, text.length()).toString();
  }
}
