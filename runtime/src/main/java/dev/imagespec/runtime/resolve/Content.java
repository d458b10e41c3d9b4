package dev.imagespec.runtime.resolve;

import dev.imagespec.model.Digest;
import java.nio.file.Path;

/** The content of a layer's entry. */
public sealed interface Content {
  /**
   * A file on this machine.
   *
   * @param path the file, links resolved
   * @param digest the digest of its bytes when they were read
   * @param bytes how many there were
   */
  record OfFile(Path path, Digest digest, long bytes) implements Content {}

  /**
   * An entry of an archive on this machine, unpacked.
   *
   * @param archive the jar or WAR
   * @param name the entry's path in it
   * @param digest the digest of its bytes when they were read
   * @param bytes how many there were
   */
  record OfEntry(Path archive, String name, Digest digest, long bytes) implements Content {}

  /**
   * A file that the registration generates.
   *
   * @param text its text
   */
  record OfText(String text) implements Content {}

  /**
   * A symbolic link in the context of a Dockerfile.
   *
   * @param target where it points, as it is written
   */
  record Link(String target) implements Content {}

  /** A folder. */
  record Folder() implements Content {}
}
