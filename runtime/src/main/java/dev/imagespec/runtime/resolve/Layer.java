package dev.imagespec.runtime.resolve;

import dev.imagespec.json.Json;
import dev.imagespec.model.ClassPathFolder;
import dev.imagespec.model.Digest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A layer of the payload.
 *
 * @param name what it contains: {@code dependencies}, {@code snapshots}, {@code resources}, {@code
 *     classes} or {@code files}
 * @param entries its entries, sorted by path, each path once
 */
public record Layer(String name, List<LayerEntry> entries) {

  static final String DEPENDENCIES = "dependencies";
  static final String SNAPSHOTS = "snapshots";
  static final String RESOURCES = "resources";
  static final String CLASSES = "classes";
  static final String FILES = "files";

  /** The context of a Dockerfile, which is in no layer of the payload. */
  public static final String CONTEXT = "context";

  /**
   * Where a build context has the entries of this layer.
   *
   * @throws IllegalStateException if the layer is not of the class path
   */
  public ClassPathFolder contextFolder() {
    return switch (name) {
      case DEPENDENCIES, SNAPSHOTS -> ClassPathFolder.LIBS;
      case RESOURCES -> ClassPathFolder.RESOURCES;
      case CLASSES -> ClassPathFolder.CLASSES;
      default -> throw new IllegalStateException(name + " is no layer of the class path");
    };
  }

  /** Whether it has the class files from folders of the class path. */
  public boolean isClasses() {
    return name.equals(CLASSES);
  }

  /** A layer of these entries by path. */
  static Layer of(String name, Map<String, LayerEntry> byPath) {
    return new Layer(name, List.copyOf(new TreeMap<>(byPath).values()));
  }

  /** The number of its files. */
  public int files() {
    return (int) entries.stream().filter(entry -> !entry.isFolder()).count();
  }

  /** The size of its files in bytes. */
  public long bytes() {
    return entries.stream().mapToLong(LayerEntry::bytes).sum();
  }

  /** The identity of the layer's inputs: equal for equal paths, modes and contents. */
  public Digest inputDigest() {
    return Digest.of(Json.canonical(toJson()).getBytes(StandardCharsets.UTF_8));
  }

  /** The JSON form that enters a fingerprint. */
  Map<String, Object> toJson() {
    return Map.of("name", name, "entries", entriesOf(this));
  }

  static List<Object> entriesOf(Layer layer) {
    List<Object> list = new ArrayList<>(layer.entries.size());
    for (LayerEntry entry : layer.entries) {
      list.add(
          entry
              .digest()
              .map(digest -> List.<Object>of(entry.path(), entry.mode(), digest.toString()))
              .orElseGet(() -> List.of(entry.path(), entry.mode())));
    }
    return list;
  }
}
