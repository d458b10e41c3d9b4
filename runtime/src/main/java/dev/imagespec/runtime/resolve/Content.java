package dev.imagespec.runtime.resolve;

import dev.imagespec.model.Digest;
import java.nio.file.Path;

/** What an entry of a layer is. */
public sealed interface Content {
  /**
   * A file of this machine.
   *
   * @param path the file, links resolved
   * @param digest the digest its bytes had when they were read
   */
  record OfFile(Path path, Digest digest) implements Content {}

  /**
   * A file that registration makes.
   *
   * @param text its text
   */
  record OfText(String text) implements Content {}

  /** A folder. */
  record Folder() implements Content {}
}
