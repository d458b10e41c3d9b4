package dev.imagespec.runtime.report;

import dev.imagespec.runtime.resolve.Content;
import dev.imagespec.runtime.resolve.Layer;
import dev.imagespec.runtime.resolve.LayerEntry;
import dev.imagespec.runtime.work.Sizes;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;

/** The layers of payloads as parts. Equal layers are one part, whichever images they are in. */
final class PayloadParts {
  /** How many files of a layer are shown. */
  private static final int SHOWN = 8;

  /** Tasks of one class path have the same layers: they are measured once. */
  private final IdentityHashMap<Layer, Part> measured = new IdentityHashMap<>();

  /** The part that a layer is; with the size of its files, since it may not be compressed yet. */
  Part part(Layer layer) {
    return measured.computeIfAbsent(layer, PayloadParts::measure);
  }

  private static Part measure(Layer layer) {
    List<Part.File> files = new ArrayList<>();
    long bytes = 0;
    for (LayerEntry entry : layer.entries()) {
      if (!(entry.content() instanceof Content.Folder)) {
        Part.File file = new Part.File(entry.path(), size(entry.content()));
        files.add(file);
        bytes = Sizes.sum(bytes, file.bytes());
      }
    }
    files.sort(
        Comparator.comparingLong(Part.File::bytes).reversed().thenComparing(Part.File::path));
    return new Part(
        Part.ofPayload(layer.name(), layer.inputDigest()),
        Part.Kind.ofPayload(layer.name()),
        layer.name(),
        "",
        List.of(new Part.Layer(Optional.empty(), bytes)),
        new Part.Content(files.size(), bytes, files.stream().limit(SHOWN).toList()),
        List.of(),
        "");
  }

  private static long size(Content content) {
    if (content instanceof Content.OfFile file) {
      // Of a file that is gone by now, which fails its image, the length is 0.
      return file.path().toFile().length();
    }
    if (content instanceof Content.OfEntry entry) {
      return entry.bytes();
    }
    return content instanceof Content.OfText text
        ? text.text().getBytes(StandardCharsets.UTF_8).length
        : 0;
  }
}
