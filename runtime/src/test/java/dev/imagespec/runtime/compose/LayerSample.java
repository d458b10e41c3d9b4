package dev.imagespec.runtime.compose;

import dev.imagespec.model.Digest;
import dev.imagespec.model.FileOwner;
import dev.imagespec.runtime.resolve.Content;
import dev.imagespec.runtime.resolve.Layer;
import dev.imagespec.runtime.resolve.LayerEntry;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** A layer with all that layers have. */
final class LayerSample {
  private LayerSample() {}

  /** Bytes of which some can be compressed: the same on every machine. */
  static byte[] bytes(int length, long seed) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (i / 4096 % 3 == 0 ? bytes[i] : bytes[i] & 7);
    }
    return bytes;
  }

  static LayerEntry file(Path folder, String path, byte[] content) throws IOException {
    Path file = folder.resolve(Digest.of(content).hex() + ".source");
    Files.write(file, content);
    return new LayerEntry(
        path, "644", new Content.OfFile(file, Digest.of(content), content.length));
  }

  /** An archive and the entries of a layer for it. */
  static List<LayerEntry> packed(Path archive, int count, int length) throws IOException {
    List<LayerEntry> entries = new ArrayList<>();
    try (OutputStream out = Files.newOutputStream(archive);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (int i = 0; i < count; i++) {
        byte[] content = bytes(length, i);
        zip.putNextEntry(new ZipEntry("lib/" + i));
        zip.write(content);
        zip.closeEntry();
        entries.add(
            new LayerEntry(
                "/packed/" + i,
                "644",
                new Content.OfEntry(archive, "lib/" + i, Digest.of(content), length)));
      }
    }
    return entries;
  }

  static Layer of(Path folder) throws IOException {
    FileOwner owner = FileOwner.parse("1000660000:4294967294");
    List<LayerEntry> entries = new ArrayList<>();
    entries.add(new LayerEntry("/a", "755", new Content.Folder(), owner));
    entries.add(file(folder, "/a/empty", new byte[0]));
    entries.add(file(folder, "/a/large", bytes(3_000_001, 1)));
    entries.add(
        new LayerEntry(
            "/a/é" + "c".repeat(200), "640", new Content.OfText("text é"), FileOwner.parse("7")));
    entries.add(new LayerEntry("/deep/" + "d/".repeat(90) + "f", "755", new Content.OfText("x")));
    for (int n = 10_000; n < 19_000; n++) {
      entries.add(new LayerEntry("/many/" + n, "644", new Content.OfText("t" + n % 100)));
    }
    entries.addAll(packed(folder.resolve("app.jar"), 9, 50_000));
    entries.add(
        new LayerEntry(
            "/packed/again",
            "755",
            new Content.OfEntry(
                folder.resolve("app.jar"), "lib/3", Digest.of(bytes(50_000, 3)), 50_000)));
    entries.add(
        new LayerEntry(
            "/z",
            "600",
            new Content.OfText(new String(bytes(2000, 5), StandardCharsets.US_ASCII))));
    return new Layer("files", entries);
  }
}
