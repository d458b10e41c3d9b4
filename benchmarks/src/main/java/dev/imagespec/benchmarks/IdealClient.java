package dev.imagespec.benchmarks;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * The floor: a client that asks only what it must, over one connection where the registry speaks
 * HTTP/2. It knows its base from the first run on, takes for granted that a repository with one of
 * its images has the parts that all share, and handles no error.
 */
public final class IdealClient {
  private static final int THREADS = 16;

  private final HttpClient http = HttpClient.newHttpClient();
  private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);
  private final Orders orders;
  private final String root;

  private IdealClient(Orders orders) {
    this.orders = orders;
    String host = orders.base().substring(0, orders.base().indexOf('/'));
    root = (host.startsWith("127.0.0.1:") ? "http://" : "https://") + host + "/v2/";
  }

  /**
   * Pushes what is missing.
   *
   * @param args the file with the orders, and the file for the references of all images
   */
  public static void main(String[] args) throws Exception {
    IdealClient client = new IdealClient(Orders.read(Path.of(args[0])));
    Files.write(Path.of(args[1]), client.push());
    System.exit(0);
  }

  private List<String> push() throws Exception {
    String name = orders.base().substring(orders.base().indexOf('/') + 1);
    String repository = name.substring(0, name.indexOf(':'));
    byte[] manifest =
        kept("manifest", repository + "/manifests/" + name.substring(name.indexOf(':') + 1));
    Map<String, Object> parsed = ImageParts.object(manifest);
    byte[] config =
        kept("config", repository + "/blobs/" + ImageParts.object(parsed, "config").get("digest"));

    String shared = Digests.of(manifest) + Digests.of(Files.readAllBytes(orders.jar()));
    for (Path file : Trees.files(orders.classes())) {
      shared += Digests.of(Files.readAllBytes(file));
    }
    String common = shared;
    List<String> references = new ArrayList<>();
    List<Future<Boolean>> present = new ArrayList<>();
    for (Orders.Order order : orders.orders()) {
      String digest = Digests.of(Files.readAllBytes(order.payload()));
      references.add(
          order.repository()
              + ":"
              + Digests.of((common + digest).getBytes(java.nio.charset.StandardCharsets.US_ASCII))
                  .substring(7, 39));
    }
    // The first alone, so that the others share its connection.
    boolean first = exists(references.get(0));
    for (String reference : references.subList(1, references.size())) {
      present.add(threads.submit(() -> exists(reference)));
    }
    Map<String, Boolean> filled = new LinkedHashMap<>();
    List<Integer> missing = new ArrayList<>();
    for (int i = 0; i < references.size(); i++) {
      boolean there = i == 0 ? first : present.get(i - 1).get();
      filled.merge(orders.orders().get(i).repository(), there, Boolean::logicalOr);
      if (!there) {
        missing.add(i);
      }
    }
    if (!missing.isEmpty()) {
      List<ImageParts.Layer> layers = shared();
      fill(filled, repository, parsed, layers);
      List<Future<?>> pushes = new ArrayList<>();
      for (int i : missing) {
        pushes.add(
            threads.submit(
                () -> {
                  push(orders.orders().get(i), references.get(i), config, manifest, layers);
                  return null;
                }));
      }
      all(pushes);
    }
    return references;
  }

  /** A document of the base; asked for only once. */
  private byte[] kept(String name, String path) throws Exception {
    Path file = orders.cache().resolve(name);
    if (!Files.exists(file)) {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(root + path))
              .header("Accept", ImageParts.MANIFEST)
              .build();
      Files.write(file, http.send(request, BodyHandlers.ofByteArray()).body());
    }
    return Files.readAllBytes(file);
  }

  private boolean exists(String reference) throws IOException, InterruptedException {
    String name = reference.substring(reference.indexOf('/') + 1);
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(root + name.replace(":", "/manifests/")))
            .header("Accept", ImageParts.MANIFEST)
            .method("HEAD", BodyPublishers.noBody())
            .build();
    return http.send(request, BodyHandlers.discarding()).statusCode() == 200;
  }

  private List<ImageParts.Layer> shared() throws Exception {
    Future<ImageParts.Layer> jar =
        threads.submit(() -> ImageParts.layer(Map.of(Orders.JAR, orders.jar())));
    Map<String, Path> classes = new HashMap<>();
    for (Path file : Trees.files(orders.classes())) {
      classes.put(Orders.CLASSES + orders.classes().relativize(file), file);
    }
    return List.of(jar.get(), ImageParts.layer(classes));
  }

  /** Gives the repositories that have none of the images what all images share. */
  private void fill(
      Map<String, Boolean> filled,
      String base,
      Map<String, Object> manifest,
      List<ImageParts.Layer> layers)
      throws Exception {
    List<String> empty =
        filled.keySet().stream().filter(name -> !filled.getOrDefault(name, false)).toList();
    if (empty.isEmpty()) {
      return;
    }
    List<Future<?>> asked = new ArrayList<>();
    for (String repository : empty) {
      for (Object layer : ImageParts.list(manifest, "layers")) {
        String digest = String.valueOf(ImageParts.checked(layer).get("digest"));
        asked.add(threads.submit(() -> post(repository, digest, base)));
      }
    }
    List<Future<?>> uploads = new ArrayList<>();
    String leader = path(empty.get(0));
    for (ImageParts.Layer layer : layers) {
      uploads.add(threads.submit(() -> upload(empty.get(0), layer.digest(), layer.bytes())));
    }
    all(uploads);
    for (String repository : empty.subList(1, empty.size())) {
      for (ImageParts.Layer layer : layers) {
        asked.add(threads.submit(() -> post(repository, layer.digest(), leader)));
      }
    }
    all(asked);
  }

  private void push(
      Orders.Order order,
      String reference,
      byte[] baseConfig,
      byte[] baseManifest,
      List<ImageParts.Layer> shared)
      throws Exception {
    List<ImageParts.Layer> layers = new ArrayList<>(shared);
    ImageParts.Layer own = ImageParts.layer(Map.of(Orders.PAYLOAD, order.payload()));
    layers.add(own);
    ImageParts.Documents documents = ImageParts.on(baseConfig, baseManifest, layers);
    upload(order.repository(), own.digest(), own.bytes());
    upload(order.repository(), Digests.of(documents.config()), documents.config());
    send(
        HttpRequest.newBuilder(URI.create(root + path(reference).replace(":", "/manifests/")))
            .header("Content-Type", ImageParts.MANIFEST)
            .PUT(BodyPublishers.ofByteArray(documents.manifest())));
  }

  private HttpResponse<Void> post(String repository, String digest, String from) throws Exception {
    String query = from.isEmpty() ? "" : "?mount=" + digest + "&from=" + from;
    return send(
        HttpRequest.newBuilder(URI.create(root + path(repository) + "/blobs/uploads/" + query))
            .POST(BodyPublishers.noBody()));
  }

  private HttpResponse<Void> upload(String repository, String digest, byte[] bytes)
      throws Exception {
    String location = post(repository, digest, "").headers().firstValue("Location").orElseThrow();
    return send(
        HttpRequest.newBuilder(URI.create(location + "&digest=" + digest))
            .header("Content-Type", "application/octet-stream")
            .PUT(BodyPublishers.ofByteArray(bytes)));
  }

  private HttpResponse<Void> send(HttpRequest.Builder request) throws Exception {
    HttpResponse<Void> response = http.send(request.build(), BodyHandlers.discarding());
    if (response.statusCode() > 202) {
      throw new IOException(response + " is not what was asked for");
    }
    return response;
  }

  private static String path(String reference) {
    return reference.substring(reference.indexOf('/') + 1);
  }

  private static void all(List<Future<?>> futures) throws ExecutionException, InterruptedException {
    for (Future<?> future : futures) {
      future.get();
    }
  }
}
