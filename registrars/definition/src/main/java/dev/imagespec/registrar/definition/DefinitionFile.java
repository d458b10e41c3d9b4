package dev.imagespec.registrar.definition;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.model.IoReason;
import dev.imagespec.runtime.Definition;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.TaskRegistrar;
import dev.imagespec.runtime.work.BoundedFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * A definition file that was read: JSON, or YAML 1.2 (core schema). It knows where in the file each
 * of its values is.
 */
public final class DefinitionFile {
  /** How large it may be, in bytes. */
  private static final int MOST = 1 << 20;

  private final Definition definition;
  private final ObjectNode tree;
  private final Map<JsonPointer, Place> places;

  /**
   * Where a value, or the name of a field, is.
   *
   * @param line its line, from 1
   * @param column its column, from 1
   */
  record Place(int line, int column) {
    @Override
    public String toString() {
      return "line " + line + ", column " + column;
    }
  }

  private DefinitionFile(Definition definition, String text) {
    this.definition = definition;
    YamlTree yaml = new YamlTree(text);
    JsonNode root;
    try {
      root = yaml.read();
    } catch (YamlTree.Wrong e) {
      throw wrong(e.place(), e.problem());
    }
    places = yaml.places();
    if (!(root instanceof ObjectNode object)) {
      throw wrong(JsonPointer.empty(), "the file must be one object, of names and values");
    }
    tree = object;
  }

  /**
   * Reads a definition file.
   *
   * @throws ImageSpecException with {@link FailureCode#INVALID_FILE} if it cannot be read, or is
   *     neither JSON nor YAML; the message has line and column
   */
  public static DefinitionFile read(Definition definition) {
    byte[] bytes;
    try {
      bytes = BoundedFile.read(definition.file(), MOST);
    } catch (IOException e) {
      throw new ImageSpecException(
          FailureCode.INVALID_FILE,
          "The definition "
              + definition
              + " cannot be read: "
              + IoReason.of(e, definition.file())
              + ".",
          e);
    }
    try {
      return new DefinitionFile(
          definition,
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
    } catch (java.nio.charset.CharacterCodingException e) {
      throw new ImageSpecException(
          FailureCode.INVALID_FILE, "The definition " + definition + " is not UTF-8 text.", e);
    }
  }

  /** Its kind and its file, such as {@code ecs:deploy/report.json}. */
  public String name() {
    return definition.toString();
  }

  /** Its kind, such as {@code ecs}. */
  public String kind() {
    return definition.kind();
  }

  /** Its content; a copy. */
  public ObjectNode tree() {
    return tree.deepCopy();
  }

  /**
   * The exception for a value that is wrong.
   *
   * @param at the value
   * @param problem what is wrong, and the next step: a sentence without its end
   */
  public ImageSpecException wrong(JsonPointer at, String problem) {
    JsonPointer known = at;
    while (!places.containsKey(known) && known.head() != null) {
      known = known.head();
    }
    return wrong(Optional.ofNullable(places.get(known)), problem);
  }

  private ImageSpecException wrong(Optional<Place> place, String problem) {
    return new ImageSpecException(
        FailureCode.INVALID_FILE,
        definition.name()
            + place.map(known -> ", " + known).orElse("")
            + ": "
            + problem
            + (problem.endsWith("?") ? "" : "."));
  }

  /**
   * The places of images, some of which have names of task classes. Empty if a task is among them
   * that the registration was asked to leave out: then the file is passed over, with a note if it
   * has other tasks, too.
   *
   * @param isImage whether an image stands at a place
   * @throws ImageSpecException if a value looks like a task class's name and is none, or no task is
   *     named
   */
  public Optional<ImagePlaces> images(
      Predicate<JsonPointer> isImage, TaskRegistrar.Context context) {
    TaskNames names = TaskNames.of(context);
    Map<JsonPointer, String> tasks = new LinkedHashMap<>();
    for (JsonPointer at : places.keySet()) {
      JsonNode value = tree.at(at);
      if (!value.isTextual() || !isImage.test(at)) {
        continue;
      }
      String text = value.textValue();
      Optional<String> task = names.task(text);
      task.ifPresent(known -> tasks.put(at, known));
      if (task.isEmpty() && names.isMeant(text)) {
        throw wrong(at, names.unknown(text));
      }
    }
    if (tasks.isEmpty()) {
      throw wrong(JsonPointer.empty(), "no task is named; " + names.advice());
    }
    return names.passesOver(name(), tasks.values(), context.listener())
        ? Optional.empty()
        : Optional.of(new ImagePlaces(tree, tasks));
  }
}
