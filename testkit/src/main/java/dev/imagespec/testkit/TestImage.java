package dev.imagespec.testkit;

import dev.imagespec.json.Json;
import dev.imagespec.model.Digest;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.GZIPOutputStream;

/** A small generated image to add to a server. */
public final class TestImage {
  private static final int BLOCK = 512;

  /** A manifest or index of the image. */
  @SuppressWarnings("ArrayRecordComponent") // compared by its digest alone
  record Part(String mediaType, byte[] bytes, Digest digest) {}

  private final List<byte[]> blobs;
  private final List<Part> manifests;

  private TestImage(List<byte[]> blobs, List<Part> manifests) {
    this.blobs = List.copyOf(blobs);
    this.manifests = List.copyOf(manifests);
  }

  /** A builder for an image with other content. */
  public static Builder builder() {
    return new Builder();
  }

  /** An OCI image for linux/amd64 with one layer. */
  public static TestImage small() {
    return builder().layer("etc/os-release", "NAME=test\n").build();
  }

  /** The digest that a tag names: that of the index if there are several platforms. */
  public Digest digest() {
    return manifests.get(manifests.size() - 1).digest();
  }

  List<byte[]> blobs() {
    return blobs;
  }

  List<Part> manifests() {
    return manifests;
  }

  /** The digests of the image's blobs. */
  public List<Digest> blobDigests() {
    return blobs.stream().map(Digest::of).distinct().toList();
  }

  /** Builds a {@link TestImage}. */
  public static final class Builder {
    private final List<byte[]> tars = new ArrayList<>();
    private final List<Map<String, Object>> extraLayers = new ArrayList<>();
    private List<String> platforms = List.of("linux/amd64");
    private Map<String, Object> config = Map.of();
    private Optional<String> configuration = Optional.empty();
    private Optional<String> configType = Optional.empty();
    private Optional<String> artifactType = Optional.empty();
    private final Map<String, String> configVariants = new TreeMap<>();
    private boolean docker;

    private Builder() {}

    /** Adds a layer with one file. */
    public Builder layer(String path, String content) {
      tars.add(tar(path, content.getBytes(StandardCharsets.UTF_8)));
      return this;
    }

    /** Adds a layer of which only the descriptor exists: foreign, or of an unknown type. */
    public Builder describedLayer(Map<String, Object> descriptor) {
      extraLayers.add(descriptor);
      return this;
    }

    /** Sets the platforms. Several make an index. */
    public Builder platforms(String... names) {
      platforms = List.of(names);
      return this;
    }

    /** Sets {@code config} in the configuration: Env, User, Entrypoint, OnBuild. */
    public Builder config(Map<String, Object> values) {
      config = Map.copyOf(values);
      return this;
    }

    /** Sets the variant in the configurations of an architecture, and not in the index. */
    public Builder configVariant(String architecture, String variant) {
      configVariants.put(architecture, variant);
      return this;
    }

    /** Sets the whole text of an unusual configuration. */
    public Builder configuration(String text) {
      configuration = Optional.of(text);
      return this;
    }

    /** Makes it an artefact rather than an image: a chart, a signature, a model. */
    public Builder artifact(String type, String typeOfConfig) {
      artifactType = Optional.of(type);
      configType = Optional.of(typeOfConfig);
      return this;
    }

    /** Uses Docker's schema 2 instead of OCI. */
    public Builder docker() {
      docker = true;
      return this;
    }

    public TestImage build() {
      List<byte[]> blobs = new ArrayList<>();
      List<Part> parts = new ArrayList<>();
      List<Object> layers = new ArrayList<>();
      List<String> diffIds = new ArrayList<>();
      String layerType =
          docker
              ? "application/vnd.docker.image.rootfs.diff.tar.gzip"
              : "application/vnd.oci.image.layer.v1.tar+gzip";
      for (byte[] tar : tars) {
        byte[] gzip = gzip(tar);
        blobs.add(gzip);
        diffIds.add(Digest.of(tar).toString());
        layers.add(descriptor(layerType, gzip));
      }
      for (Map<String, Object> layer : extraLayers) {
        layers.add(layer);
        diffIds.add(String.valueOf(layer.get("digest")));
      }
      List<Object> entries = new ArrayList<>();
      for (String platform : platforms) {
        String[] words = platform.split("/", -1);
        Map<String, Object> json = new TreeMap<>();
        json.put("os", words[0]);
        json.put("architecture", words[1]);
        if (configVariants.containsKey(words[1])) {
          json.put("variant", configVariants.get(words[1]));
        }
        json.put("config", config);
        json.put("rootfs", Map.of("type", "layers", "diff_ids", diffIds));
        json.put("history", diffIds.stream().map(id -> Map.of("created_by", "testkit")).toList());
        byte[] bytes = utf8(configuration.orElseGet(() -> Json.canonical(json)));
        blobs.add(bytes);
        String type =
            docker
                ? "application/vnd.docker.distribution.manifest.v2+json"
                : "application/vnd.oci.image.manifest.v1+json";
        Map<String, Object> manifest = new TreeMap<>();
        manifest.put("schemaVersion", 2);
        manifest.put("mediaType", type);
        manifest.put(
            "config",
            descriptor(
                configType.orElse(
                    docker
                        ? "application/vnd.docker.container.image.v1+json"
                        : "application/vnd.oci.image.config.v1+json"),
                bytes));
        manifest.put("layers", layers);
        artifactType.ifPresent(artifact -> manifest.put("artifactType", artifact));
        Part part = part(type, manifest);
        parts.add(part);
        Map<String, Object> entry = new TreeMap<>(descriptor(type, part.bytes()));
        Map<String, Object> node = new TreeMap<>(Map.of("os", words[0], "architecture", words[1]));
        if (words.length > 2) {
          node.put("variant", words[2]);
        }
        entry.put("platform", node);
        entries.add(entry);
      }
      if (platforms.size() > 1) {
        String type =
            docker
                ? "application/vnd.docker.distribution.manifest.list.v2+json"
                : "application/vnd.oci.image.index.v1+json";
        parts.add(part(type, Map.of("schemaVersion", 2, "mediaType", type, "manifests", entries)));
      }
      return new TestImage(blobs, parts);
    }
  }

  private static Part part(String mediaType, Map<String, Object> json) {
    byte[] bytes = utf8(Json.canonical(json));
    return new Part(mediaType, bytes, Digest.of(bytes));
  }

  private static Map<String, Object> descriptor(String mediaType, byte[] bytes) {
    return Map.of(
        "mediaType", mediaType, "digest", Digest.of(bytes).toString(), "size", bytes.length);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** A tar (ustar) with one file, owned by root. */
  private static byte[] tar(String path, byte[] content) {
    byte[] header = new byte[BLOCK];
    put(header, 0, path);
    put(header, 100, "0000644\0");
    put(header, 108, "0000000\0");
    put(header, 116, "0000000\0");
    put(header, 124, String.format("%011o\0", content.length));
    put(header, 136, "00000000001\0");
    put(header, 148, "        ");
    put(header, 156, "0");
    put(header, 257, "ustar\00000");
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, String.format("%06o\0 ", sum));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(header);
    out.writeBytes(content);
    out.writeBytes(new byte[(BLOCK - content.length % BLOCK) % BLOCK + 2 * BLOCK]);
    return out.toByteArray();
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  private static byte[] gzip(byte[] bytes) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toByteArray();
  }
}
