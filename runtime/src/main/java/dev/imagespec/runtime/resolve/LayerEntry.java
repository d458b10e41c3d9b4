package dev.imagespec.runtime.resolve;

import dev.imagespec.model.Digest;
import dev.imagespec.model.FileOwner;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One file or folder of a layer. Its time is the epoch plus one second.
 *
 * @param path the absolute path in the image
 * @param mode three octal digits
 * @param content its content
 * @param owner who owns it
 */
public record LayerEntry(String path, String mode, Content content, FileOwner owner) {

  /** The mode of folders, and of files that their owner may execute. */
  static final String EXECUTABLE = "755";

  /** The mode of other files. */
  static final String PLAIN = "644";

  /** An entry that root owns. */
  public LayerEntry(String path, String mode, Content content) {
    this(path, mode, content, FileOwner.ROOT);
  }

  static LayerEntry folder(String path) {
    return new LayerEntry(path, EXECUTABLE, new Content.Folder());
  }

  static LayerEntry link(String path, String target) {
    return new LayerEntry(path, "777", new Content.Link(target));
  }

  static LayerEntry text(String path, String text) {
    return new LayerEntry(path, PLAIN, new Content.OfText(text));
  }

  /** The same with another owner. */
  LayerEntry ownedBy(FileOwner other) {
    return new LayerEntry(path, mode, content, other);
  }

  /**
   * Entries with a folder for each path above that has none, sorted by path: root owns those.
   *
   * @param entries entries by their paths
   */
  public static Map<String, LayerEntry> withFoldersAbove(Map<String, LayerEntry> entries) {
    Map<String, LayerEntry> all = new TreeMap<>(entries);
    for (String path : entries.keySet()) {
      for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
        String above = path.substring(0, slash);
        if (all.putIfAbsent(above, folder(above)) != null) {
          break;
        }
      }
    }
    return all;
  }

  public boolean isFolder() {
    return content instanceof Content.Folder;
  }

  /** How many bytes the file has; 0 for a folder. */
  public long bytes() {
    if (content instanceof Content.OfFile file) {
      return file.bytes();
    }
    if (content instanceof Content.OfEntry entry) {
      return entry.bytes();
    }
    return content instanceof Content.OfText text
        ? text.text().getBytes(StandardCharsets.UTF_8).length
        : 0;
  }

  /** The digest of the file's bytes, or of a link's target; empty for a folder. */
  public Optional<Digest> digest() {
    if (content instanceof Content.OfFile file) {
      return Optional.of(file.digest());
    }
    if (content instanceof Content.OfEntry entry) {
      return Optional.of(entry.digest());
    }
    if (content instanceof Content.OfText text) {
      return Optional.of(Digest.of(text.text().getBytes(StandardCharsets.UTF_8)));
    }
    if (content instanceof Content.Link link) {
      return Optional.of(Digest.of(link.target().getBytes(StandardCharsets.UTF_8)));
    }
    return Optional.empty();
  }

  /** The JSON form that enters a fingerprint: path, mode, a file's digest, an owner but root. */
  List<Object> toJson() {
    List<Object> json = new ArrayList<>(List.of(path, mode));
    digest().ifPresent(digest -> json.add(digest.toString()));
    if (!owner.isRoot()) {
      json.add(owner.toString());
    }
    return json;
  }
}
