package dev.imagespec.runtime.compose;

import dev.imagespec.model.Digest;
import dev.imagespec.model.FileOwner;
import dev.imagespec.runtime.FailureCode;
import dev.imagespec.runtime.ImageSpecException;
import dev.imagespec.runtime.resolve.Layer;
import dev.imagespec.runtime.resolve.LayerEntry;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Compares what goes into a layer's tar with what its fingerprint was computed from. Otherwise a
 * file that changed in between would be registered under the fingerprint of other content.
 */
final class LayerCheck implements TarReader.Entries {
  private final Map<String, LayerEntry> missing = new HashMap<>();
  private Optional<LayerEntry> expected = Optional.empty();

  LayerCheck(Layer layer) {
    layer.entries().forEach(entry -> missing.put(entry.path(), entry));
  }

  /** The entry of the layer that has a path, if the tar did not have it yet. */
  Optional<LayerEntry> next(String path) {
    return Optional.ofNullable(missing.get(path));
  }

  /**
   * Takes the header of an entry.
   *
   * @throws ImageSpecException with {@link FailureCode#FILE_CHANGED} if the layer has no such entry
   */
  @Override
  public void begin(TarReader.Entry entry) {
    String path = path(entry);
    expected = Optional.ofNullable(missing.remove(path));
    if (expected.isEmpty()) {
      // Jib adds the parent folders of the entries.
      if (!entry.isFolder()) {
        throw changed(path);
      }
      return;
    }
    LayerEntry own = expected.get();
    boolean isOfItsType = own.digest().isEmpty() ? entry.isFolder() : entry.isFile();
    if (!isOfItsType
        || own.bytes() != entry.size()
        || Integer.parseInt(own.mode(), 8) != (entry.mode() & 0777)
        || !own.owner().equals(new FileOwner(entry.user(), entry.group()))) {
      throw changed(path);
    }
  }

  /**
   * Takes the content of the entry.
   *
   * @throws ImageSpecException with {@link FailureCode#FILE_CHANGED} if it is another one
   */
  @Override
  public void end(Digest content) {
    if (expected.isPresent()
        && expected.get().digest().isPresent()
        && !expected.get().digest().get().equals(content)) {
      throw changed(expected.get().path());
    }
  }

  /**
   * Takes the end of the tar.
   *
   * @throws ImageSpecException with {@link FailureCode#FILE_CHANGED} if an entry is missing
   */
  void finish() {
    if (!missing.isEmpty()) {
      throw changed(missing.keySet().iterator().next());
    }
  }

  /** The path in the image that an entry of a tar has. */
  static String path(TarReader.Entry entry) {
    String name = entry.name();
    return "/" + (name.endsWith("/") ? name.substring(0, name.length() - 1) : name);
  }

  static ImageSpecException changed(String path) {
    return new ImageSpecException(
        FailureCode.FILE_CHANGED,
        "The file for " + path + " changed while it was being registered. Register again.");
  }
}
