package dev.imagespec.runtime.resolve;

import com.google.common.collect.Lists;
import dev.imagespec.json.Json;
import dev.imagespec.model.ClassPathFolder;
import dev.imagespec.model.Digest;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A layer of the payload. Equal to another one of equal inputs. */
public final class Layer {

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

  private final String name;
  private final List<LayerEntry> entries;
  private volatile @Nullable Digest digest;

  /**
   * A layer.
   *
   * @param name what it contains: {@code dependencies}, {@code snapshots}, {@code resources},
   *     {@code classes} or {@code files}; of an application {@code app:} and the name that its
   *     index has
   * @param entries its entries, sorted by path, each path once
   */
  public Layer(String name, List<LayerEntry> entries) {
    this.name = name;
    this.entries = entries;
  }

  /** What it contains. */
  public String name() {
    return name;
  }

  /** Its entries, sorted by path, each path once. */
  public List<LayerEntry> entries() {
    return entries;
  }

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

  /**
   * The identity of the layer's inputs, which fingerprints have: equal for an equal name and equal
   * paths, modes, owners and contents.
   */
  public Digest inputDigest() {
    // Many images have the same layer, and each asks for it several times.
    Digest known = digest;
    if (known == null) {
      MessageDigest sha256 = Digest.sha256();
      write(sha256::update);
      known = Digest.ofHash(sha256.digest());
      digest = known;
    }
    return known;
  }

  /** Writes the canonical JSON form, an entry at a time. */
  void write(Consumer<byte[]> out) {
    write(out, "{\"entries\":[");
    String before = "";
    for (LayerEntry entry : entries) {
      write(out, before + Json.canonical(entry.toJson()));
      before = ",";
    }
    write(out, "],\"name\":" + Json.canonical(name) + "}");
  }

  private static void write(Consumer<byte[]> out, String text) {
    out.accept(text.getBytes(StandardCharsets.UTF_8));
  }

  static List<Object> entriesOf(Layer layer) {
    // An entry at a time, when it is written: there may be many.
    return Lists.transform(layer.entries, LayerEntry::toJson);
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof Layer layer
            && name.equals(layer.name)
            && inputDigest().equals(layer.inputDigest()));
  }

  @Override
  public int hashCode() {
    return Objects.hash(name, entries.size());
  }

  @Override
  public String toString() {
    return name + " " + inputDigest();
  }
}
