package dev.imagespec.runtime.memory;

import dev.imagespec.model.Digest;
import java.util.Optional;

/**
 * A layer that was built from some inputs.
 *
 * @param digest of its compressed bytes
 * @param size how many they are
 * @param diffId the digest of the uncompressed tar
 */
public record KnownLayer(Digest digest, long size, Digest diffId) {
  String toWord() {
    return digest.hex() + "," + size + "," + diffId.hex();
  }

  static Optional<KnownLayer> parse(String word) {
    return word.matches("[0-9a-f]{64},[1-9][0-9]{0,14},[0-9a-f]{64}")
        ? Optional.of(
            new KnownLayer(
                new Digest(word.substring(0, 64)),
                Long.parseLong(word.substring(65, word.length() - 65)),
                new Digest(word.substring(word.length() - 64))))
        : Optional.empty();
  }
}
