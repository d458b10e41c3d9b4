package dev.imagespec.testkit;

import dev.imagespec.json.Json;
import dev.imagespec.model.Digest;
import dev.imagespec.testkit.ImageStore.Repository;
import dev.imagespec.testkit.ImageStore.StoredManifest;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The OCI distribution protocol with the differences of Amazon ECR: 201 for PATCH, redirects for
 * blob downloads, and mounts only of blobs that a committed manifest refers to.
 */
final class DataPlane {
  private static final Pattern ROUTE =
      Pattern.compile("/v2/(.+)/(manifests|blobs/uploads|blobs|tags|referrers)/([^/]*)");
  private static final int MAX_MANIFEST = 4 << 20;

  /** The most tags in one page, also if the client asks for more. */
  private static final int MAX_TAGS = 100;

  private final ImageStore store;
  private final boolean isEcr;
  private final String account;
  private final Map<String, ByteArrayOutputStream> uploads = new ConcurrentHashMap<>();
  private final Set<String> templates = ConcurrentHashMap.newKeySet();
  private volatile boolean mounting = true;

  /** The address that blob downloads are redirected to; empty for no redirect. */
  private volatile String blobHost = "";

  DataPlane(ImageStore store, boolean isEcr, String account) {
    this.store = store;
    this.isEcr = isEcr;
    this.account = account;
  }

  void mounting(boolean enabled) {
    mounting = enabled;
  }

  void createOnPush(String prefix) {
    templates.add(prefix);
  }

  void redirectBlobs(String host) {
    blobHost = host;
  }

  /** The name of a request's operation in the journal. */
  String name(Exchange exchange) {
    Matcher route = ROUTE.matcher(exchange.path());
    if (!route.matches()) {
      return exchange.method() + " " + exchange.path();
    }
    return switch (route.group(2)) {
      case "manifests" -> exchange.method() + " manifest";
      case "blobs/uploads" ->
          !exchange.query("mount").isEmpty()
              ? "MOUNT"
              : exchange.method().equals("PUT") ? "PUT blob" : exchange.method() + " upload";
      case "blobs" -> exchange.method() + " blob";
      default -> exchange.method() + " " + route.group(2);
    };
  }

  /** Answers a request that is already authorized. */
  void handle(Exchange exchange) {
    exchange.with("Docker-Distribution-Api-Version", "registry/2.0");
    if (exchange.path().equals("/v2/")) {
      exchange.json(200, "{}");
      return;
    }
    Matcher route = ROUTE.matcher(exchange.path());
    if (!route.matches()) {
      error(exchange, 404, "NOT_FOUND", "no such route");
      return;
    }
    Optional<Repository> repository = store.get(route.group(1));
    boolean makes =
        exchange.method().equals("POST")
            && (!isEcr || templates.stream().anyMatch(route.group(1)::startsWith));
    if (repository.isEmpty() && makes) {
      store.create(route.group(1), !isEcr);
      repository = store.get(route.group(1));
    }
    if (repository.isEmpty()) {
      error(
          exchange,
          404,
          "NAME_UNKNOWN",
          "The repository with name '"
              + route.group(1)
              + "' does not exist in the registry with id '"
              + account
              + "'");
      return;
    }
    synchronized (store) {
      answer(exchange, repository.get(), route.group(2), route.group(3));
    }
  }

  private void answer(Exchange exchange, Repository repository, String kind, String reference) {
    switch (exchange.method() + " " + kind) {
      case "GET manifests", "HEAD manifests" -> getManifest(exchange, repository, reference);
      case "PUT manifests" -> putManifest(exchange, repository, reference);
      case "GET blobs", "HEAD blobs" -> getBlob(exchange, repository, reference);
      case "POST blobs/uploads" -> startUpload(exchange, repository);
      case "PATCH blobs/uploads" -> patch(exchange, repository, reference);
      case "PUT blobs/uploads" -> finish(exchange, repository, reference);
      case "GET tags" -> listTags(exchange, repository);
      case "GET referrers" ->
          exchange.answer(
              200,
              "application/vnd.oci.image.index.v1+json",
              ("{\"schemaVersion\":2,\"mediaType\":\"application/vnd.oci.image.index.v1+json\","
                      + "\"manifests\":[]}")
                  .getBytes(java.nio.charset.StandardCharsets.UTF_8));
      default -> error(exchange, 405, "UNSUPPORTED", "The operation is unsupported");
    }
  }

  private static void listTags(Exchange exchange, Repository repository) {
    String last = exchange.query("last");
    String asked = exchange.query("n");
    int most = asked.matches("[0-9]{1,4}") ? Integer.parseInt(asked) : MAX_TAGS;
    List<String> rest =
        repository.tags.keySet().stream().filter(tag -> tag.compareTo(last) > 0).toList();
    List<String> page = rest.subList(0, Math.min(Math.min(most, MAX_TAGS), rest.size()));
    exchange.json(200, Json.canonical(Map.of("name", repository.name, "tags", page)));
    if (page.size() < rest.size()) {
      exchange.with(
          "Link",
          "</v2/"
              + repository.name
              + "/tags/list?n="
              + most
              + "&last="
              + page.get(page.size() - 1)
              + ">; rel=\"next\"");
    }
  }

  private static void getManifest(Exchange exchange, Repository repository, String reference) {
    Optional<StoredManifest> manifest = repository.find(reference);
    if (manifest.isEmpty()) {
      error(exchange, 404, "MANIFEST_UNKNOWN", "Requested image not found");
      return;
    }
    exchange
        .answer(200, manifest.get().mediaType(), manifest.get().bytes())
        .with("Docker-Content-Digest", manifest.get().digest().toString());
  }

  private void putManifest(Exchange exchange, Repository repository, String reference) {
    String type = exchange.header("Content-Type");
    if (exchange.body.length > MAX_MANIFEST) {
      error(exchange, 413, "MANIFEST_INVALID", "the manifest is too large");
      return;
    }
    StoredManifest manifest =
        new StoredManifest(type == null ? "" : type, exchange.body, Digest.of(exchange.body));
    Optional<ImageStore.Refusal> refusal = store.put(repository, reference, manifest);
    if (refusal.isPresent()) {
      error(exchange, refusal.get().status(), refusal.get().code(), refusal.get().message());
      return;
    }
    exchange.answer(201).with("Docker-Content-Digest", manifest.digest().toString());
  }

  private void getBlob(Exchange exchange, Repository repository, String reference) {
    byte[] bytes = repository.blobs.get(Digest.parse(reference));
    if (bytes == null) {
      error(exchange, 404, "BLOB_UNKNOWN", "blob unknown to registry");
    } else if (exchange.method().equals("GET") && !blobHost.isEmpty()) {
      exchange
          .answer(307)
          .with(
              "Location",
              blobHost + "/" + repository.name + "/" + reference + "?X-Amz-Signature=not-for-logs");
    } else {
      exchange
          .answer(200, "application/octet-stream", bytes)
          .with("Docker-Content-Digest", reference);
    }
  }

  private void startUpload(Exchange exchange, Repository repository) {
    String mount = exchange.query("mount");
    if (!mount.isEmpty() && mounting) {
      Digest digest = Digest.parse(mount);
      Optional<Repository> from = store.get(exchange.query("from"));
      byte[] bytes = from.map(source -> source.blobs.get(digest)).orElse(null);
      boolean mountable =
          bytes != null && from.isPresent() && (!isEcr || store.isCommitted(from.get(), digest));
      if (mountable) {
        repository.blobs.put(digest, bytes);
        exchange.answer(201).with("Docker-Content-Digest", mount);
        return;
      }
    }
    String id = UUID.randomUUID().toString();
    uploads.put(id, new ByteArrayOutputStream());
    String location = "/v2/" + repository.name + "/blobs/uploads/" + id;
    String host = exchange.header("Host");
    String scheme =
        exchange.http instanceof com.sun.net.httpserver.HttpsExchange ? "https" : "http";
    exchange.answer(202).with("Location", isEcr ? scheme + "://" + host + location : location);
  }

  private void patch(Exchange exchange, Repository repository, String id) {
    ByteArrayOutputStream upload = uploads.get(id);
    if (upload == null) {
      error(exchange, 404, "BLOB_UPLOAD_UNKNOWN", "upload unknown");
      return;
    }
    // Amazon ECR keeps only the first chunk.
    if (!isEcr || upload.size() == 0) {
      upload.writeBytes(exchange.body);
    }
    exchange
        .answer(isEcr ? 201 : 202)
        .with("Location", "/v2/" + repository.name + "/blobs/uploads/" + id)
        .with("Range", "0-" + Math.max(0, upload.size() - 1));
  }

  private void finish(Exchange exchange, Repository repository, String id) {
    ByteArrayOutputStream upload = uploads.remove(id);
    if (upload == null) {
      error(exchange, 404, "BLOB_UPLOAD_UNKNOWN", "upload unknown");
      return;
    }
    upload.writeBytes(exchange.body);
    byte[] bytes = upload.toByteArray();
    Digest digest = Digest.of(bytes);
    if (!digest.toString().equals(exchange.query("digest"))) {
      error(exchange, 400, "DIGEST_INVALID", "provided digest did not match uploaded content");
      return;
    }
    repository.blobs.put(digest, bytes);
    exchange.answer(201).with("Docker-Content-Digest", digest.toString());
  }

  static void error(Exchange exchange, int status, String code, String message) {
    exchange.json(
        status,
        Json.canonical(Map.of("errors", List.of(Map.of("code", code, "message", message)))));
  }
}
