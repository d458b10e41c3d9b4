package dev.imagespec.runtime.resolve;

import com.google.common.collect.Lists;
import dev.imagespec.json.Json;
import dev.imagespec.model.ClassPathFolder;
import dev.imagespec.model.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A layer of the payload.
 *
 * @param name what it contains: {@code dependencies}, {@code snapshots}, {@code resources}, {@code
 *     classes} or {@code files}; of an application {@code app:} and the name that its index has
 * @param entries its entries, sorted by path, each path once
 */
public record Layer(String name, List<LayerEntry> entries) {

  static final String DEPENDENCIES = "dependencies";
  static final String SNAPSHOTS = "snapshots";
  static final String RESOURCES = "resources";
  static final String CLASSES = "classes";
  static final String FILES = "files";

  /** The start of the names of an application's layers. */
  public static final String APPLICATION = "app:";

  /** The files that are there before the steps of an environment run: in it, no layer on top. */
  public static final String STEPS = "steps";

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

  /** Whether it is a layer of an application. */
  public boolean isApplication() {
    return name.startsWith(APPLICATION);
  }

  /** Whether it has the jars with an application's own classes. */
  public boolean isOwnJars() {
    return name.equals(APPLICATION + ApplicationLayers.QUARKUS_APP);
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

  /** The identity of the layer's inputs: equal for equal paths, modes, owners and contents. */
  public Digest inputDigest() {
    MessageDigest sha256 = Digest.sha256();
    update(sha256, "{\"entries\":[");
    String before = "";
    // The canonical form of toJson(), an entry at a time: there may be many.
    for (LayerEntry entry : entries) {
      update(sha256, before + Json.canonical(entry.toJson()));
      before = ",";
    }
    update(sha256, "],\"name\":" + Json.canonical(name) + "}");
    return Digest.ofHash(sha256.digest());
  }

  private static void update(MessageDigest sha256, String text) {
    sha256.update(text.getBytes(StandardCharsets.UTF_8));
  }

  /** The JSON form that enters a fingerprint. */
  Map<String, Object> toJson() {
    return Map.of("name", name, "entries", entriesOf(this));
  }

  static List<Object> entriesOf(Layer layer) {
    // An entry at a time, when it is written: there may be many.
    return Lists.transform(layer.entries, LayerEntry::toJson);
  }
}
