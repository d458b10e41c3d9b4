package dev.imagespec.runtime.resolve;

import dev.imagespec.model.Digest;
import dev.imagespec.runtime.memory.FileFact;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is to know of a content.
 *
 * @param digest of its bytes
 * @param bytes how many there are
 */
record Sum(Digest digest, long bytes) {
  private static final Pattern WORD = Pattern.compile("[0-9a-f]{64}:(?:0|[1-9][0-9]{0,17})");

  /** Of a file. */
  static final FileFact<Sum> FACT = new FileFact<>("content", Sum::toWord, Sum::parse);

  /** Of an entry of an archive. */
  static FileFact<Sum> of(String entry) {
    return new FileFact<>("content of " + entry, Sum::toWord, Sum::parse);
  }

  private String toWord() {
    return digest.hex() + ":" + bytes;
  }

  private static Optional<Sum> parse(String word) {
    return WORD.matcher(word).matches()
        ? Optional.of(
            new Sum(new Digest(word.substring(0, 64)), Long.parseLong(word.substring(65))))
        : Optional.empty();
  }
}
