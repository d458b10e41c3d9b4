package dev.imagespec.benchmarks;

import dev.imagespec.json.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** {@code skopeo copy} for each image, from a folder in which all are finished: it only sends. */
record Skopeo() implements Peer {
  private static final int MOST = 40;

  private static final String SCRIPT =
      """
      i=0
      while [ $i -lt $2 ]; do
        skopeo copy -q --insecure-policy --dest-tls-verify=false \
          oci:layout:i$i docker://$1/bench/r$((i % $3)):i$i
        i=$((i + 1))
      done
      """;

  @Override
  public String name() {
    return "skopeo copy";
  }

  @Override
  public boolean takes(Scenario scenario) {
    return scenario.roundTrip().isZero() && scenario.images() <= MOST;
  }

  @Override
  public void prepare(Trial trial, Phase phase) throws IOException {
    Path layout = trial.folder().resolve("layout");
    Path blobs = Files.createDirectories(layout.resolve("blobs/sha256"));
    if (phase == Phase.NOTHING) {
      return;
    }
    List<ImageParts.Layer> shared = new ArrayList<>();
    shared.add(ImageParts.layer(Map.of(Orders.JAR, trial.project().jar())));
    Map<String, Path> classes = new HashMap<>();
    for (Path file : Trees.files(trial.project().classes())) {
      classes.put(Orders.CLASSES + trial.project().classes().relativize(file), file);
    }
    shared.add(ImageParts.layer(classes));
    for (ImageParts.Layer layer : trial.bench().baseLayers()) {
      put(blobs, layer.bytes());
    }
    for (ImageParts.Layer layer : shared) {
      put(blobs, layer.bytes());
    }
    List<Object> manifests = new ArrayList<>();
    ImageParts.Documents base = trial.bench().base();
    for (int image = 0; image < trial.scenario().images(); image++) {
      List<ImageParts.Layer> layers = new ArrayList<>(shared);
      layers.add(ImageParts.layer(Map.of(Orders.PAYLOAD, trial.project().payload(image))));
      put(blobs, layers.get(layers.size() - 1).bytes());
      ImageParts.Documents documents = ImageParts.on(base.config(), base.manifest(), layers);
      put(blobs, documents.config());
      String digest = put(blobs, documents.manifest());
      Map<String, Object> descriptor =
          new LinkedHashMap<>(
              ImageParts.descriptor(ImageParts.MANIFEST, digest, documents.manifest().length));
      descriptor.put("annotations", Map.of("org.opencontainers.image.ref.name", "i" + image));
      manifests.add(descriptor);
    }
    Files.writeString(layout.resolve("oci-layout"), "{\"imageLayoutVersion\":\"1.0.0\"}");
    Files.writeString(
        layout.resolve("index.json"),
        Json.canonical(Map.of("schemaVersion", 2L, "manifests", manifests)));
  }

  private static String put(Path blobs, byte[] bytes) throws IOException {
    String digest = Digests.of(bytes);
    Files.write(blobs.resolve(digest.substring("sha256:".length())), bytes);
    return digest;
  }

  @Override
  public Timed.Command command(Trial trial, Phase phase) {
    return new Timed.Command(
        List.of(
            "sh",
            "-ec",
            SCRIPT,
            name(),
            trial.bench().toolHost(),
            String.valueOf(trial.scenario().images()),
            String.valueOf(trial.scenario().repositories())),
        Map.of("HOME", trial.folder().toString()),
        trial.folder());
  }

  @Override
  public List<String> references(Trial trial) {
    return trial.tagged();
  }
}
