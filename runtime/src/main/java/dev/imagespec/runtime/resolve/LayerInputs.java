package dev.imagespec.runtime.resolve;

import dev.imagespec.json.Json;
import dev.imagespec.model.Digest;
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

  /**
   * A file or a folder.
   *
   * @param mode three octal digits
   * @param digest the digest of its bytes; empty for a folder
   */
  public record FileInputs(String mode, String digest) {
    static FileInputs of(LayerEntry entry) {
      return new FileInputs(entry.mode(), entry.digest().map(Digest::toString).orElse(""));
    }

    /**
     * Reads {@code 644 sha256:…}, or {@code 755} for a folder.
     *
     * @throws IllegalArgumentException if it is neither
     */
    static FileInputs parse(String text) {
      int space = text.indexOf(' ');
      String mode = space < 0 ? text : text.substring(0, space);
      if (!mode.matches("[0-7]{3}")) {
        throw new IllegalArgumentException("a file has no mode");
      }
      return new FileInputs(
          mode, space < 0 ? "" : Digest.parse(text.substring(space + 1)).toString());
    }

    @Override
    public String toString() {
      return digest.isEmpty() ? mode : mode + " " + digest;
    }
  }

  public LayerInputs {
    files = files == null ? null : Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  /** What is kept of a layer. */
  public static LayerInputs of(Layer layer) {
    SortedMap<String, FileInputs> files = new TreeMap<>();
    layer.entries().forEach(entry -> files.put(entry.path(), FileInputs.of(entry)));
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
              entries.add(
                  file.digest().isEmpty()
                      ? List.of(path, file.mode())
                      : List.of(path, file.mode(), file.digest()));
            });
    String canonical = Json.canonical(Map.of("name", name, "entries", entries));
    if (!Digest.of(canonical.getBytes(StandardCharsets.UTF_8)).equals(digest)) {
      throw new IllegalArgumentException("a list of files is not that of its layer");
    }
    return new LayerInputs(name, digest, files);
  }
}
