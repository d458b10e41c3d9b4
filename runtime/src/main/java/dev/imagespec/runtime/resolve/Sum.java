package dev.imagespec.runtime.resolve;

import dev.imagespec.model.Digest;
import dev.imagespec.runtime.memory.FileFact;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What is to know of a content.
 *
 * @param digest of its bytes
 * @param bytes how many there are
 */
record Sum(Digest digest, long bytes) {
  private static final Pattern WORD = Pattern.compile("([A-Za-z0-9_-]{43}=):(0|[1-9][0-9]{0,17})");

  /** Of a file. */
  static final FileFact<Sum> FACT = new FileFact<>("content", Sum::toWord, Sum::parse);

  /** Of an entry of an archive. */
  static FileFact<Sum> of(String entry) {
    return new FileFact<>("content of " + entry, Sum::toWord, Sum::parse);
  }

  /** Shorter than with the digest's digits: there are many of them. */
  private String toWord() {
    byte[] hash = HexFormat.of().parseHex(digest.hex());
    return Base64.getUrlEncoder().encodeToString(hash) + ":" + bytes;
  }

  private static Optional<Sum> parse(String word) {
    Matcher matcher = WORD.matcher(word);
    return matcher.matches()
        ? Optional.of(
            new Sum(
                Digest.ofHash(Base64.getUrlDecoder().decode(matcher.group(1))),
                Long.parseLong(matcher.group(2))))
        : Optional.empty();
  }
}
