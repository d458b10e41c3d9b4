package dev.imagespec.benchmarks;

import dev.imagespec.json.Json;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/** Layers, configurations and manifests, as simple as can be. */
final class ImageParts {
  static final String MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  private static final String CONFIG = "application/vnd.oci.image.config.v1+json";
  private static final String LAYER = "application/vnd.oci.image.layer.v1.tar+gzip";
  private static final int BLOCK = 512;

  /**
   * A compressed layer.
   *
   * @param diffId the digest of the tar
   */
  @SuppressWarnings("ArrayRecordComponent") // compared by its digest alone
  record Layer(byte[] bytes, String digest, String diffId) {
    Map<String, Object> descriptor() {
      return ImageParts.descriptor(LAYER, digest, bytes.length);
    }
  }

  /** An image's own two documents. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  record Documents(byte[] config, byte[] manifest) {}

  private ImageParts() {}

  /** A layer of these files, by their paths in the image without the first slash. */
  static Layer layer(Map<String, Path> files) throws IOException {
    ByteArrayOutputStream tar = new ByteArrayOutputStream();
    for (Map.Entry<String, Path> file : new TreeMap<>(files).entrySet()) {
      entry(tar, file.getKey(), Files.readAllBytes(file.getValue()));
    }
    tar.writeBytes(new byte[2 * BLOCK]);
    ByteArrayOutputStream compressed = new ByteArrayOutputStream(tar.size());
    try (GZIPOutputStream gzip = new GZIPOutputStream(compressed)) {
      tar.writeTo(gzip);
    }
    byte[] bytes = compressed.toByteArray();
    return new Layer(bytes, Digests.of(bytes), Digests.of(tar.toByteArray()));
  }

  private static void entry(ByteArrayOutputStream tar, String path, byte[] content) {
    byte[] header = new byte[BLOCK];
    put(header, 0, path);
    put(header, 100, "0000644\0" + "0000000\0" + "0000000\0");
    put(header, 124, "%011o\0%011o\0".formatted(content.length, 1));
    put(header, 148, "        0");
    put(header, 257, "ustar\00000");
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, "%06o\0 ".formatted(sum));
    tar.writeBytes(header);
    tar.writeBytes(content);
    tar.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK]);
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  /** A base image's documents. */
  static Documents base(List<Layer> layers) {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("architecture", "amd64");
    config.put("os", "linux");
    config.put("config", Map.of("Env", List.of("PATH=/usr/bin:/bin")));
    config.put("rootfs", Map.of("type", "layers", "diff_ids", List.of()));
    config.put("history", List.of());
    Map<String, Object> manifest =
        Map.of("schemaVersion", 2L, "mediaType", MANIFEST, "config", Map.of(), "layers", List.of());
    return on(
        Json.canonical(config).getBytes(StandardCharsets.UTF_8),
        Json.canonical(manifest).getBytes(StandardCharsets.UTF_8),
        layers);
  }

  /** The documents of an image with these layers on top of a base. */
  static Documents on(byte[] baseConfig, byte[] baseManifest, List<Layer> layers) {
    Map<String, Object> config = object(baseConfig);
    List<Object> diffIds = new ArrayList<>(list(object(config, "rootfs"), "diff_ids"));
    layers.forEach(layer -> diffIds.add(layer.diffId));
    config.put("rootfs", Map.of("type", "layers", "diff_ids", diffIds));
    List<Object> history = new ArrayList<>(list(config, "history"));
    layers.forEach(layer -> history.add(Map.of("created_by", "benchmarks")));
    config.put("history", history);
    byte[] written = Json.canonical(config).getBytes(StandardCharsets.UTF_8);
    Map<String, Object> manifest = object(baseManifest);
    List<Object> descriptors = new ArrayList<>(list(manifest, "layers"));
    layers.forEach(layer -> descriptors.add(layer.descriptor()));
    manifest.put("layers", descriptors);
    manifest.put("config", descriptor(CONFIG, Digests.of(written), written.length));
    return new Documents(written, Json.canonical(manifest).getBytes(StandardCharsets.UTF_8));
  }

  static Map<String, Object> descriptor(String type, String digest, long size) {
    return Map.of("mediaType", type, "digest", digest, "size", size);
  }

  static Map<String, Object> object(byte[] json) {
    return checked(Json.parse(new String(json, StandardCharsets.UTF_8)));
  }

  static Map<String, Object> object(Map<String, Object> in, String key) {
    return checked(in.get(key));
  }

  static List<?> list(Map<String, Object> in, String key) {
    if (in.get(key) instanceof List<?> list) {
      return list;
    }
    throw new IllegalStateException("no list " + key + " in " + in.keySet());
  }

  static Map<String, Object> checked(@org.jspecify.annotations.Nullable Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new IllegalStateException("no JSON object: " + value);
    }
    Map<String, Object> object = new LinkedHashMap<>();
    map.forEach((key, member) -> object.put(String.valueOf(key), member));
    return object;
  }
}
