package dev.imagespec.examples;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.imagespec.model.Digest;
import dev.imagespec.testkit.ExternalTool;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLConnection;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.jspecify.annotations.Nullable;

/**
 * An image as a container would see it.
 *
 * @param config the configuration's {@code config}: each field by its name, {@code Env}, {@code
 *     Labels}, {@code ExposedPorts} and {@code Volumes} by their keys; unset ones are missing
 * @param files type, mode, owner and content by absolute path
 */
record ReadImage(Map<String, Object> config, Map<String, String> files) {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String WHITEOUT = ".wh.";

  /** Where blobs and manifests come from, by digest. */
  private interface Source {
    InputStream open(String digest) throws IOException;
  }

  /** The only image of an OCI layout. */
  static ReadImage ofLayout(Path layout) throws IOException {
    Source blobs =
        digest -> Files.newInputStream(layout.resolve("blobs").resolve(digest.replace(':', '/')));
    Map<?, ?> index = JSON.readValue(layout.resolve("index.json").toFile(), Map.class);
    return read(parse(blobs, digest(list(index.get("manifests")).get(0))), blobs);
  }

  /** The image of a reference by digest, in a registry without authentication. */
  static ReadImage ofRegistry(String reference) throws IOException {
    int slash = reference.indexOf('/');
    int at = reference.indexOf('@');
    String base =
        "http://" + reference.substring(0, slash) + "/v2/" + reference.substring(slash + 1, at);
    return read(
        parse(digest -> get(base + "/manifests/" + digest), reference.substring(at + 1)),
        digest -> get(base + "/blobs/" + digest));
  }

  /**
   * The image that a tag names, in a registry without authentication.
   *
   * @param repository the registry and the repository
   */
  static ReadImage ofTag(String repository, String tag) throws IOException {
    String digest =
        ExternalTool.run(
                "skopeo",
                "inspect",
                "--tls-verify=false",
                "--format",
                "{{.Digest}}",
                "docker://" + repository + ":" + tag)
            .strip();
    return ofRegistry(repository + "@" + digest);
  }

  private static InputStream get(String address) throws IOException {
    URLConnection connection = URI.create(address).toURL().openConnection();
    connection.setRequestProperty(
        "Accept",
        "application/vnd.oci.image.manifest.v1+json,"
            + " application/vnd.docker.distribution.manifest.v2+json");
    return connection.getInputStream();
  }

  private static ReadImage read(Map<?, ?> manifest, Source blobs) throws IOException {
    Map<String, String> files = new TreeMap<>();
    for (Object layer : list(manifest.get("layers"))) {
      try (InputStream in = blobs.open(digest(layer))) {
        apply(in, files);
      }
    }
    Map<?, ?> config = parse(blobs, digest(manifest.get("config")));
    Map<String, Object> fields = new TreeMap<>();
    object(config.get("config"))
        .forEach((name, value) -> fields.put((String) name, field((String) name, value)));
    return new ReadImage(fields, files);
  }

  private static Object field(String name, Object value) {
    return switch (name) {
      case "Env" -> {
        Map<String, String> variables = new TreeMap<>();
        for (Object entry : list(value)) {
          String[] pair = entry.toString().split("=", 2);
          if (variables.put(pair[0], pair[1]) != null) {
            throw new IllegalArgumentException(pair[0] + " is set twice");
          }
        }
        yield variables;
      }
      case "ExposedPorts", "Volumes" -> new TreeSet<>(object(value).keySet());
      default -> value;
    };
  }

  private static Map<?, ?> parse(Source source, String digest) throws IOException {
    try (InputStream in = source.open(digest)) {
      // Builders may cut a history's text inside a character; what is compared here they keep
      // whole.
      return JSON.readValue(new String(in.readAllBytes(), StandardCharsets.UTF_8), Map.class);
    }
  }

  private static String digest(@Nullable Object descriptor) {
    return String.valueOf(object(descriptor).get("digest"));
  }

  private static Map<?, ?> object(@Nullable Object json) {
    return json instanceof Map<?, ?> object ? object : Map.of();
  }

  private static List<?> list(@Nullable Object json) {
    return json instanceof List<?> list ? list : List.of();
  }

  private static void apply(InputStream layer, Map<String, String> files) throws IOException {
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new GZIPInputStream(layer), StandardCharsets.UTF_8.name())) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        String path = "/" + strip(entry.getName());
        int slash = path.lastIndexOf('/');
        String name = path.substring(slash + 1);
        if (name.startsWith(WHITEOUT)) {
          String gone = path.substring(0, slash + 1) + name.substring(WHITEOUT.length());
          files.keySet().removeIf(file -> file.equals(gone) || file.startsWith(gone + "/"));
        } else if (!path.equals("/")) {
          files.put(path, describe(entry, tar));
        }
      }
    }
  }

  private static String strip(String name) {
    String path = name.startsWith("./") ? name.substring(2) : name;
    return path.endsWith("/") ? path.substring(0, path.length() - 1) : path;
  }

  private static String describe(TarArchiveEntry entry, InputStream content) throws IOException {
    String what =
        entry.isDirectory()
            ? "folder"
            : entry.isFile()
                ? Digest.of(content.readAllBytes()).toString()
                : "-> " + entry.getLinkName();
    return String.format(
        "%o %d:%d %s",
        entry.getMode() & 07777, entry.getLongUserId(), entry.getLongGroupId(), what);
  }
}
