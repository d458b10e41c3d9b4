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

  static LayerEntry link(String path, String target) {
    return new LayerEntry(path, "777", new Content.Link(target));
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
    return content instanceof Content.OfText text
        ? text.text().getBytes(StandardCharsets.UTF_8).length
        : 0;
  }

  /** The digest of the file's bytes, or of a link's target; empty for a folder. */
  public Optional<Digest> digest() {
    if (content instanceof Content.OfFile file) {
      return Optional.of(file.digest());
    }
    if (content instanceof Content.OfText text) {
      return Optional.of(Digest.of(text.text().getBytes(StandardCharsets.UTF_8)));
    }
    if (content instanceof Content.Link link) {
      return Optional.of(Digest.of(link.target().getBytes(StandardCharsets.UTF_8)));
    }
    return Optional.empty();
  }
}
