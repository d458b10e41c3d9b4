package dev.imagespec.runtime.resolve;

import java.io.ByteArrayOutputStream;
import java.security.MessageDigest;
import java.util.IdentityHashMap;
import java.util.List;

/**
 * The canonical forms of layers, as they enter fingerprints. Those that many images have are
 * written once: a class path with thousands of files would else be written for each image anew.
 */
final class LayerTexts {
  /** How many entries a layer may have whose form is kept: each takes about a hundred bytes. */
  private static final int MOST_ENTRIES = 20_000;

  private final IdentityHashMap<Layer, byte[]> texts = new IdentityHashMap<>();

  /** Hashes layers, as the elements of a list. */
  void update(MessageDigest sha256, List<Layer> layers) {
    boolean isFirst = true;
    for (Layer layer : layers) {
      if (!isFirst) {
        sha256.update((byte) ',');
      }
      isFirst = false;
      if (layer.entries().size() > MOST_ENTRIES) {
        layer.write(sha256::update);
      } else {
        sha256.update(texts.computeIfAbsent(layer, LayerTexts::text));
      }
    }
  }

  private static byte[] text(Layer layer) {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    layer.write(text::writeBytes);
    return text.toByteArray();
  }
}
