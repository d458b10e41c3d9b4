package dev.imagespec.registrar.render;

import dev.imagespec.model.IoReason;
import dev.imagespec.registrar.definition.TaskNames;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.Rendering;
import dev.imagespec.runtime.work.BoundedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;

/**
 * A text file in which names of task classes stand for their images.
 *
 * @param name its name, for people
 * @param text its text
 * @param places where a task's name is a whole value, in order
 * @param odd warnings of values that look like a task's name and are none
 */
record Template(String name, String text, List<Place> places, List<String> odd) {
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
   * @param rendering which file
   * @param names the names of the tasks
   * @throws ImageSpecException with {@link FailureCode#INVALID_FILE} if it cannot be read, or has
   *     no task
   */
  static Template read(Rendering rendering, TaskNames names) {
    Path file = rendering.from();
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
          "The file to render "
              + rendering.name()
              + " cannot be read: "
              + IoReason.of(e, file)
              + ".",
          e);
    }
    Template template = of(rendering.name(), text, names);
    if (template.places.isEmpty()) {
      throw new ImageSpecException(
          FailureCode.INVALID_FILE,
          "The file to render "
              + rendering.name()
              + " names no task; "
              + names.advice()
              + "."
              + (template.odd.isEmpty() ? "" : " " + template.odd.get(0)));
    }
    return template;
  }

  static Template of(String name, String text, TaskNames names) {
    List<Place> places = new ArrayList<>();
    List<String> odd = new ArrayList<>();
    int line = 1;
    int counted = 0;
    for (Value value : values(name, text)) {
      line += (int) text.substring(counted, value.start()).chars().filter(c -> c == '\n').count();
      counted = value.start();
      Optional<String> task = names.task(value.text());
      if (task.isPresent()) {
        places.add(new Place(task.get(), value, line));
      } else if (names.isBeside(value.text()) && odd.size() < MOST_WARNINGS) {
        odd.add(
            name + ", line " + line + ": " + names.unknown(value.text(), ", and stays as it is."));
      }
    }
    return new Template(name, text, places, odd);
  }

  private static List<Value> values(String file, String text) {
    String name = file.toLowerCase(Locale.ROOT);
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
