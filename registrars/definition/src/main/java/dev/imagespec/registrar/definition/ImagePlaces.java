package dev.imagespec.registrar.definition;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Where a definition names tasks. */
public final class ImagePlaces {
  private final ObjectNode tree;
  private final Map<JsonPointer, String> tasks;

  ImagePlaces(ObjectNode tree, Map<JsonPointer, String> tasks) {
    this.tree = tree;
    this.tasks = new LinkedHashMap<>(tasks);
  }

  /** The binary names of the tasks, in the order of the file. */
  public Set<String> tasks() {
    return Collections.unmodifiableSet(new LinkedHashSet<>(tasks.values()));
  }

  /** The task at each place, by its binary name. */
  public Map<JsonPointer, String> places() {
    return Collections.unmodifiableMap(tasks);
  }

  /**
   * The definition, with an image in the place of each task.
   *
   * @param reference the image of a task
   */
  public ObjectNode with(Function<String, String> reference) {
    ObjectNode result = tree.deepCopy();
    tasks.forEach(
        (at, task) -> {
          String image = reference.apply(task);
          if (result.at(at.head()) instanceof ObjectNode object) {
            object.put(at.last().getMatchingProperty(), image);
          } else if (result.at(at.head()) instanceof ArrayNode array) {
            array.set(at.last().getMatchingIndex(), array.textNode(image));
          }
        });
    return result;
  }
}
