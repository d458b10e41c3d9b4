package dev.imagespec.runtime;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.imagespec.model.Digest;
import dev.imagespec.model.ImageReference;
import dev.imagespec.model.Platform;
import dev.imagespec.model.Repository;
import dev.imagespec.runtime.engine.Engine;
import dev.imagespec.runtime.engine.EngineBuild;
import dev.imagespec.runtime.engine.EngineBuilder;
import dev.imagespec.runtime.engine.EngineException;
import dev.imagespec.runtime.engine.EngineOutput;
import dev.imagespec.runtime.engine.EngineSettings;
import dev.imagespec.runtime.oci.MediaType;
import dev.imagespec.runtime.oci.RawManifest;
import dev.imagespec.runtime.registry.BlobSource;
import dev.imagespec.runtime.registry.RegistryClient;
import dev.imagespec.runtime.registry.auth.Credential;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * An engine that runs nothing, but pushes what a real one would: the base's layers and one more,
 * into the repository and with the credentials that it is given. Found by the service loader.
 */
public final class FakeEngine implements Engine {
  static final List<EngineBuild> BUILDS = new CopyOnWriteArrayList<>();

  /** What the engine does besides, right before it pushes. */
  static Step before = (build, output) -> {};

  /** What happens between the last question and the push. */
  static Runnable wanted = () -> {};

  /** What happens once it has pushed. */
  static Runnable after = () -> {};

  /** Whether it builds several platforms together, and pushes by digest alone. */
  static boolean byDigest;

  private static final ObjectMapper JSON = new ObjectMapper();

  /** A thing that an engine does. */
  interface Step {
    void run(EngineBuild build, EngineOutput output) throws EngineException, InterruptedException;
  }

  static void reset() {
    BUILDS.clear();
    before = (build, output) -> {};
    wanted = () -> {};
    after = () -> {};
    byDigest = false;
  }

  @Override
  public String name() {
    return "fake";
  }

  @Override
  public List<EngineBuilder> builders(EngineSettings settings) {
    return List.of(new Builder());
  }

  private static final class Builder implements EngineBuilder {
    @Override
    public String name() {
      return "fake builder";
    }

    @Override
    public boolean runs(Platform platform) {
      return !platform.architecture().equals("s390x");
    }

    @Override
    public boolean answers() {
      return true;
    }

    @Override
    public boolean buildsPlatformsTogether() {
      return byDigest;
    }

    @Override
    public Optional<Digest> build(EngineBuild build, EngineOutput output)
        throws EngineException, InterruptedException {
      BUILDS.add(build);
      output.step(0);
      before.run(build, output);
      if (!build.isWanted()) {
        return Optional.empty();
      }
      wanted.run();
      try (RegistryClient client = client(build.dockerConfig())) {
        ImageReference to = ImageReference.parse(build.repository());
        Repository target = to.repository();
        ArrayNode children = JSON.createArrayNode();
        RawManifest last = null;
        for (Platform platform : build.platforms()) {
          last = push(client, build, Place.of(client, target), platform);
          client.manifests().put(target, last.digest().toString(), last);
          ObjectNode child = children.addObject();
          child.put("mediaType", last.mediaType().toString());
          child.put("digest", last.digest().toString());
          child.put("size", last.bytes().length);
          child
              .putObject("platform")
              .put("os", platform.os())
              .put("architecture", platform.architecture());
        }
        RawManifest top = java.util.Objects.requireNonNull(last);
        if (children.size() > 1) {
          top = RawManifest.of(MediaType.OCI_INDEX, index(children));
        }
        client.manifests().put(target, byDigest ? top.digest().toString() : build.tag(), top);
        after.run();
        return byDigest ? Optional.of(top.digest()) : Optional.empty();
      } catch (IOException e) {
        throw new EngineException(EngineException.Kind.BUILDER, e.toString());
      } catch (ImageSpecException e) {
        throw new EngineException(EngineException.Kind.BUILDER, "push failed: " + e.getMessage());
      }
    }

    @Override
    public void save(EngineBuild build, Path layout, EngineOutput output)
        throws EngineException, InterruptedException {
      BUILDS.add(build);
      output.step(0);
      before.run(build, output);
      Path blobs = layout.resolve("blobs/sha256");
      Place place =
          new Place() {
            @Override
            public boolean exists(Digest digest) {
              return Files.exists(blobs.resolve(digest.hex()));
            }

            @Override
            public void put(BlobSource blob) throws IOException {
              Files.createDirectories(blobs);
              blob.copyTo(blobs.resolve(blob.digest().hex()));
            }
          };
      try (RegistryClient client = client(build.dockerConfig())) {
        ArrayNode children = JSON.createArrayNode();
        for (Platform platform : build.platforms()) {
          RawManifest manifest = push(client, build, place, platform);
          place.put(BlobSource.of(manifest.bytes()));
          ObjectNode child = children.addObject();
          child.put("mediaType", manifest.mediaType().toString());
          child.put("digest", manifest.digest().toString());
          child.put("size", manifest.bytes().length);
          child
              .putObject("platform")
              .put("os", platform.os())
              .put("architecture", platform.architecture());
        }
        if (children.size() > 1) {
          byte[] index = index(children);
          place.put(BlobSource.of(index));
          children.removeAll();
          children
              .addObject()
              .put("mediaType", "application/vnd.oci.image.index.v1+json")
              .put("digest", Digest.of(index).toString())
              .put("size", index.length);
        }
        Files.write(layout.resolve("index.json"), index(children));
      } catch (IOException e) {
        throw new EngineException(EngineException.Kind.BUILDER, e.toString());
      }
    }

    private static byte[] index(ArrayNode manifests) throws IOException {
      ObjectNode index = JSON.createObjectNode();
      index.put("schemaVersion", 2);
      index.put("mediaType", "application/vnd.oci.image.index.v1+json");
      index.set("manifests", manifests);
      return JSON.writeValueAsBytes(index);
    }

    /** Where the engine puts blobs. */
    private interface Place {
      boolean exists(Digest digest);

      void put(BlobSource blob) throws IOException;

      static Place of(RegistryClient client, Repository target) {
        return new Place() {
          @Override
          public boolean exists(Digest digest) {
            return client.blobs().exists(target, digest);
          }

          @Override
          public void put(BlobSource blob) {
            client.uploads().upload(target, blob);
          }
        };
      }
    }

    private static RawManifest push(
        RegistryClient client, EngineBuild build, Place target, Platform platform)
        throws IOException {
      ImageReference base =
          ImageReference.parse(
              build
                  .own()
                  .map(own -> own.images().get(0))
                  .orElseGet(() -> build.arguments().getOrDefault("BASE_IMAGE", "")));
      Repository from = base.repository();
      JsonNode top =
          JSON.readTree(
              client.manifests().get(from, base.manifestReference()).orElseThrow().bytes());
      for (JsonNode entry : top.path("manifests")) {
        if (entry.path("platform").path("architecture").asText().equals(platform.architecture())) {
          top =
              JSON.readTree(
                  client.manifests().get(from, entry.get("digest").asText()).orElseThrow().bytes());
          break;
        }
      }
      ObjectNode manifest = top.deepCopy();
      ObjectNode config =
          (ObjectNode)
              JSON.readTree(
                  client
                      .blobs()
                      .read(from, Digest.parse(top.path("config").path("digest").asText()), -1));
      for (JsonNode layer : top.path("layers")) {
        Digest digest = Digest.parse(layer.get("digest").asText());
        if (!target.exists(digest)) {
          target.put(client.blobs().source(from, digest, layer.get("size").asLong()));
        }
      }
      byte[] tar = tar("environment-" + platform.architecture(), build);
      BlobSource blob = BlobSource.of(gzip(tar));
      target.put(blob);
      ObjectNode layer = ((ArrayNode) manifest.get("layers")).addObject();
      layer.put("mediaType", "application/vnd.oci.image.layer.v1.tar+gzip");
      layer.put("digest", blob.digest().toString());
      layer.put("size", blob.size());
      ((ArrayNode) config.path("rootfs").path("diff_ids")).add(Digest.of(tar).toString());
      config.put("created", "2026-11-01T00:00:00Z");
      ((ObjectNode) config.get("config")).put("User", "0").put("X-Engine", "left out");
      BlobSource bytes = BlobSource.of(JSON.writeValueAsBytes(config));
      target.put(bytes);
      ((ObjectNode) manifest.get("config"))
          .put("digest", bytes.digest().toString())
          .put("size", bytes.size());
      return RawManifest.of(
          MediaType.of(manifest.get("mediaType").asText()).orElseThrow(),
          JSON.writeValueAsBytes(manifest));
    }

    private static RegistryClient client(Path dockerConfig) throws IOException {
      JsonNode auths =
          JSON.readTree(Files.readAllBytes(dockerConfig.resolve("config.json"))).path("auths");
      return RegistryClient.builder()
          .credentials(
              registry ->
                  Optional.ofNullable(auths.get(registry.toString()))
                      .map(
                          entry -> {
                            String text =
                                new String(
                                    Base64.getDecoder().decode(entry.path("auth").asText()),
                                    StandardCharsets.UTF_8);
                            int colon = text.indexOf(':');
                            return new Credential(
                                text.substring(0, colon), text.substring(colon + 1));
                          }))
          .build();
    }
  }

  /** A run gives other bytes than the one before: an engine's steps are not reproducible. */
  private static byte[] tar(String name, EngineBuild build) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(out)) {
      byte[] content =
          (Map.copyOf(build.arguments()) + " " + System.nanoTime())
              .getBytes(StandardCharsets.UTF_8);
      TarArchiveEntry entry = new TarArchiveEntry("opt/" + name);
      entry.setSize(content.length);
      tar.putArchiveEntry(entry);
      tar.write(content);
      tar.closeArchiveEntry();
    }
    return out.toByteArray();
  }

  private static byte[] gzip(byte[] bytes) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes);
    }
    return out.toByteArray();
  }
}
