package dev.imagespec.runtime.resolve;

import dev.imagespec.json.Json;
import dev.imagespec.model.Digest;
import dev.imagespec.model.FileOwner;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a layer is made from, by names and digests: what a record and the history keep of it.
 *
 * @param name what the layer contains
 * @param digest the identity of its files, as {@link Layer#inputDigest}
 * @param files what each path is; null if only the identity is known
 */
public record LayerInputs(
    String name, Digest digest, @Nullable SortedMap<String, FileInputs> files) {
  /** A mode, a digest, and what separates them, in characters, where root is the owner. */
  private static final int PER_FILE = 81;

  /**
   * A file or a folder.
   *
   * @param mode three octal digits
   * @param content the digest of its bytes; null for a folder
   * @param owner who owns it
   */
  public record FileInputs(String mode, @Nullable Digest content, FileOwner owner) {
    /**
     * Reads {@code 644 sha256:…}, or {@code 755} for a folder, with {@code 1000:1000} at the end if
     * that is the owner.
     *
     * @throws IllegalArgumentException if it is neither
     */
    static FileInputs parse(String text) {
      List<String> words = new ArrayList<>(List.of(text.split(" ", -1)));
      String mode = words.remove(0);
      if (!mode.matches("[0-7]{3}")) {
        throw new IllegalArgumentException("a file has no mode");
      }
      Digest content =
          !words.isEmpty() && words.get(0).startsWith("sha256:")
              ? Digest.parse(words.remove(0))
              : null;
      FileOwner owner = words.isEmpty() ? FileOwner.ROOT : FileOwner.parse(words.remove(0));
      if (!words.isEmpty()) {
        throw new IllegalArgumentException("a file has more than a mode, a digest and an owner");
      }
      return new FileInputs(mode, content, owner);
    }

    private List<Object> toJson(String path) {
      List<Object> json = new ArrayList<>(List.of(path, mode));
      if (content != null) {
        json.add(digest());
      }
      if (!owner.isRoot()) {
        json.add(owner.toString());
      }
      return json;
    }

    /** The digest of its bytes as text; empty for a folder. */
    public String digest() {
      return content == null ? "" : content.toString();
    }

    @Override
    public String toString() {
      return mode + (content == null ? "" : " " + content) + (owner.isRoot() ? "" : " " + owner);
    }
  }

  public LayerInputs {
    files = files == null ? null : Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  /** What is kept of a layer. */
  public static LayerInputs of(Layer layer) {
    SortedMap<String, FileInputs> files = new TreeMap<>();
    layer
        .entries()
        .forEach(
            entry ->
                files.put(
                    entry.path(),
                    new FileInputs(entry.mode(), entry.digest().orElse(null), entry.owner())));
    return new LayerInputs(layer.name(), layer.inputDigest(), files);
  }

  /** What each path is; empty if only the identity is known. */
  public Optional<SortedMap<String, FileInputs>> list() {
    return Optional.ofNullable(files);
  }

  /** The list of files as JSON; empty if only the identity is known. */
  public Map<String, Object> toJson() {
    Map<String, Object> json = new TreeMap<>();
    list().ifPresent(known -> known.forEach((path, file) -> json.put(path, file.toString())));
    return json;
  }

  /** Writes the same, a file at a time: a list may be large. */
  public void writeJson(Appendable out) throws IOException {
    char before = '{';
    for (Map.Entry<String, FileInputs> file : list().orElseGet(TreeMap::new).entrySet()) {
      out.append(before)
          .append(Json.canonical(file.getKey()))
          .append(':')
          .append(Json.canonical(file.getValue().toString()));
      before = ',';
    }
    out.append(before == '{' ? "{}" : "}");
  }

  /** About how many characters the JSON has. */
  public long length() {
    return list().orElseGet(TreeMap::new).keySet().stream()
        .mapToLong(path -> path.length() + PER_FILE)
        .sum();
  }

  /**
   * The layer with a list of files from JSON.
   *
   * @throws IllegalArgumentException if the list is not that of the layer with this identity
   */
  public static LayerInputs parse(String name, Digest digest, Map<String, String> list) {
    SortedMap<String, FileInputs> files = new TreeMap<>();
    List<Object> entries = new ArrayList<>();
    new TreeMap<>(list)
        .forEach(
            (path, text) -> {
              FileInputs file = FileInputs.parse(text);
              files.put(path, file);
              entries.add(file.toJson(path));
            });
    String canonical = Json.canonical(Map.of("name", name, "entries", entries));
    if (!Digest.of(canonical.getBytes(StandardCharsets.UTF_8)).equals(digest)) {
      throw new IllegalArgumentException("a list of files is not that of its layer");
    }
    return new LayerInputs(name, digest, files);
  }
}
