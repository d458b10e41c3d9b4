package dev.imagespec.runtime.resolve;

import java.util.List;
import java.util.Map;

/**
 * Files of the project that are in an environment before its first step runs. Equal for equal
 * paths, modes, owners and contents, wherever the files are on this machine.
 *
 * @param layer the files, each path once; without folders above them, which stay as the base has
 *     them
 */
public record StepFiles(Layer layer) {
  /** No files. */
  public static final StepFiles NONE = new StepFiles(Layer.of(Layer.STEPS, Map.of()));

  /** The files, sorted by path. */
  public List<LayerEntry> entries() {
    return layer.entries();
  }

  /** Whether there are none. */
  public boolean isEmpty() {
    return entries().isEmpty();
  }

  /** The JSON form that enters an environment's identity. */
  List<List<Object>> toJson() {
    return entries().stream().map(LayerEntry::toJson).toList();
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof StepFiles files && toJson().equals(files.toJson());
  }

  @Override
  public int hashCode() {
    return toJson().hashCode();
  }

  @Override
  public String toString() {
    return toJson().toString();
  }
}
