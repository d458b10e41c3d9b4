package dev.imagespec.benchmarks;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/**
 * Reads images back from a registry, and fails where one is not what it should be: each document
 * and layer has the bytes of its digest, each layer the content of its diff ID, the base is below,
 * and the files above have the contents that were given.
 */
final class ReadBack {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** The layers of the run so far, by digest: equal ones are looked into once. */
  private final Map<String, Content> layers = new HashMap<>();

  private final List<?> baseDiffIds;

  /**
   * What is in a layer.
   *
   * @param files the digests of its files' contents
   */
  private record Content(String diffId, Set<String> files) {}

  ReadBack(ImageParts.Documents base) {
    baseDiffIds = diffIds(base.config());
  }

  private static List<?> diffIds(byte[] config) {
    return ImageParts.list(ImageParts.object(parsed(config), "rootfs"), "diff_ids");
  }

  /** Other tools write decimals and nulls. */
  private static Map<String, Object> parsed(byte[] json) {
    try {
      return ImageParts.checked(JSON.readValue(json, Object.class));
    } catch (IOException e) {
      throw new IllegalStateException("no JSON: " + e.getMessage(), e);
    }
  }

  /**
   * Reads an image back.
   *
   * @param reference the repository with a tag or digest
   * @param files what must be in files above the base
   */
  void check(Wire wire, String reference, List<Path> files)
      throws IOException, InterruptedException {
    boolean pinned = reference.contains("@");
    int cut = pinned ? reference.indexOf('@') : reference.lastIndexOf(':');
    require(cut > 0, reference, "no tag or digest");
    String repository = reference.substring(0, cut);
    byte[] bytes = wire.manifest(repository, reference.substring(cut + 1));
    require(
        !pinned || Digests.of(bytes).equals(reference.substring(cut + 1)), reference, "its digest");
    Map<String, Object> manifest = parsed(bytes);
    byte[] config =
        wire.blob(repository, String.valueOf(ImageParts.object(manifest, "config").get("digest")));
    List<?> diffIds = diffIds(config);
    List<?> descriptors = ImageParts.list(manifest, "layers");
    require(diffIds.size() == descriptors.size(), reference, "as many layers as diff IDs");
    require(
        diffIds.size() > baseDiffIds.size()
            && diffIds.subList(0, baseDiffIds.size()).equals(baseDiffIds),
        reference,
        "the base's layers");
    Set<String> found = new HashSet<>();
    for (int i = 0; i < diffIds.size(); i++) {
      Map<String, Object> descriptor = ImageParts.checked(descriptors.get(i));
      String digest = String.valueOf(descriptor.get("digest"));
      require(
          descriptor.get("size") instanceof Number size
              && wire.size(repository, digest) == size.longValue(),
          reference,
          "the size of layer " + i);
      Content content = content(wire, repository, digest);
      require(content.diffId.equals(diffIds.get(i)), reference, "the diff ID of layer " + i);
      if (i >= baseDiffIds.size()) {
        found.addAll(content.files);
      }
    }
    for (Path file : files) {
      require(
          found.contains(Digests.of(Files.readAllBytes(file))),
          reference,
          "the content of " + file.getFileName());
    }
  }

  private Content content(Wire wire, String repository, String digest)
      throws IOException, InterruptedException {
    Content known = layers.get(digest);
    if (known == null) {
      known = look(wire.blob(repository, digest));
      layers.put(digest, known);
    }
    return known;
  }

  private static Content look(byte[] layer) throws IOException {
    byte[] tar;
    try (GZIPInputStream gzip = new GZIPInputStream(new ByteArrayInputStream(layer))) {
      tar = gzip.readAllBytes();
    }
    Set<String> files = new HashSet<>();
    try (TarArchiveInputStream in = new TarArchiveInputStream(new ByteArrayInputStream(tar))) {
      for (TarArchiveEntry entry = in.getNextEntry(); entry != null; entry = in.getNextEntry()) {
        if (entry.isFile()) {
          files.add(Digests.of(in.readAllBytes()));
        }
      }
    }
    return new Content(Digests.of(tar), files);
  }

  private static void require(boolean right, String reference, String what) {
    if (!right) {
      throw new IllegalStateException(reference + " is wrong: not " + what);
    }
  }
}
