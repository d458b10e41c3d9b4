package dev.imagespec.runtime.resolve;

import dev.imagespec.model.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * One file or folder of a layer. Owned by root; its time is the epoch plus one second.
 *
 * @param path the absolute path in the image
 * @param mode three octal digits
 * @param content its content
 */
public record LayerEntry(String path, String mode, Content content) {

  /** The mode of folders, and of files that their owner may execute. */
  static final String EXECUTABLE = "755";

  /** The mode of other files. */
  static final String PLAIN = "644";

  static LayerEntry folder(String path) {
    return new LayerEntry(path, EXECUTABLE, new Content.Folder());
  }

  static LayerEntry text(String path, String text) {
    return new LayerEntry(path, PLAIN, new Content.OfText(text));
  }

  boolean isFolder() {
    return content instanceof Content.Folder;
  }

  /** How many bytes the file has; 0 for a folder. */
  long bytes() {
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

  /** The digest of the file's bytes; empty for a folder. */
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
    return Optional.empty();
  }
}
