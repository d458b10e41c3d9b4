package dev.imagespec.testkit;

import dev.imagespec.model.Digest;
import dev.imagespec.model.Json;
import dev.imagespec.testkit.ImageStore.Repository;
import dev.imagespec.testkit.ImageStore.StoredManifest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Amazon ECR's own API (version 2015-09-21): JSON 1.1, chosen by {@code X-Amz-Target}. */
final class ControlPlane {
  private static final String TARGET = "AmazonEC2ContainerRegistry_V20150921.";
  private static final int BATCH = 100;
  private static final Duration SKEW = Duration.ofMinutes(15);
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*");
  private static final Pattern SIGNATURE =
      Pattern.compile(
          "AWS4-HMAC-SHA256 Credential=[^/]+/(\\d{8})/([a-z0-9-]+)/ecr/aws4_request,"
              + " ?SignedHeaders=([a-z0-9;-]+), ?Signature=[0-9a-f]{64}");
  private static final DateTimeFormatter AMZ_DATE =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private final ImageStore store;
  private final Tokens tokens;
  private final Clock clock;
  private final String account;
  private final String region;
  private final String proxyEndpoint;
  private final Set<String> denied = ConcurrentHashMap.newKeySet();

  ControlPlane(
      ImageStore store,
      Tokens tokens,
      Clock clock,
      String account,
      String region,
      String proxyEndpoint) {
    this.store = store;
    this.tokens = tokens;
    this.clock = clock;
    this.account = account;
    this.region = region;
    this.proxyEndpoint = proxyEndpoint;
  }

  /** Takes away the permission for an action, for example {@code ecr:CreateRepository}. */
  void deny(String action) {
    denied.add(action);
  }

  boolean isDenied(String action) {
    return denied.contains(action);
  }

  String name(Exchange exchange) {
    String target = exchange.header("X-Amz-Target");
    return target != null && target.startsWith(TARGET)
        ? target.substring(TARGET.length())
        : "unknown";
  }

  /** An error of the API. */
  private static final class ApiException extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final String type;

    ApiException(String type, String message) {
      super(message);
      this.type = type;
    }
  }

  void handle(Exchange exchange) {
    try {
      String operation = name(exchange);
      checkSignature(exchange);
      if (denied.contains("ecr:" + operation)) {
        throw new ApiException(
            "AccessDeniedException",
            "User: arn:aws:iam::"
                + account
                + ":user/test is not authorized to perform: ecr:"
                + operation
                + " on resource: *");
      }
      Map<?, ?> request = (Map<?, ?>) Json.parse(new String(exchange.body, StandardCharsets.UTF_8));
      Map<String, Object> answer;
      synchronized (store) {
        answer = answer(operation, request);
      }
      exchange.answer(
          200,
          "application/x-amz-json-1.1",
          Json.canonical(answer).getBytes(StandardCharsets.UTF_8));
    } catch (ApiException e) {
      error(exchange, e.type, String.valueOf(e.getMessage()));
    } catch (IllegalArgumentException | ClassCastException e) {
      error(exchange, "SerializationException", String.valueOf(e.getMessage()));
    }
  }

  private static void error(Exchange exchange, String type, String message) {
    exchange
        .answer(
            400,
            "application/x-amz-json-1.1",
            Json.canonical(Map.of("__type", type, "message", message))
                .getBytes(StandardCharsets.UTF_8))
        .with("x-amzn-ErrorType", type);
  }

  private void checkSignature(Exchange exchange) {
    String authorization = exchange.header("Authorization");
    String date = exchange.header("X-Amz-Date");
    if (authorization == null || date == null) {
      throw new ApiException(
          "MissingAuthenticationTokenException", "Request is missing Authentication Token");
    }
    Matcher signature = SIGNATURE.matcher(authorization);
    if (!signature.matches()
        || !signature.group(2).equals(region)
        || !date.startsWith(signature.group(1))
        || !Set.of(signature.group(3).split(";", -1)).containsAll(Set.of("host", "x-amz-date"))) {
      throw new ApiException(
          "InvalidSignatureException", "Credential should be scoped to a valid region.");
    }
    Instant at;
    try {
      at = AMZ_DATE.parse(date, Instant::from);
    } catch (DateTimeException e) {
      throw new ApiException(
          "InvalidSignatureException", "Date is not in ISO-8601 'basic format'.");
    }
    if (Duration.between(at, clock.instant()).abs().compareTo(SKEW) > 0) {
      throw new ApiException("InvalidSignatureException", "Signature expired: " + date);
    }
  }

  private Map<String, Object> answer(String operation, Map<?, ?> request) {
    return switch (operation) {
      case "GetAuthorizationToken" -> token();
      case "CreateRepository" -> create(request);
      case "DescribeRepositories" -> describe(request);
      case "DeleteRepository" -> {
        Map<String, Object> found = describe(repository(request));
        store.delete(repository(request).name);
        yield Map.of("repository", found);
      }
      case "BatchGetImage" -> batchGetImage(request);
      case "DescribeImages" -> describeImages(request);
      case "ListImages" -> listImages(request);
      case "BatchCheckLayerAvailability" -> layers(request);
      case "SetRepositoryPolicy" -> keep(request, "policyText", "repositoryPolicy");
      case "GetRepositoryPolicy" ->
          kept(request, "policyText", "repositoryPolicy", "RepositoryPolicyNotFoundException");
      case "PutLifecyclePolicy" -> keep(request, "lifecyclePolicyText", "lifecyclePolicy");
      case "GetLifecyclePolicy" ->
          kept(
              request,
              "lifecyclePolicyText",
              "lifecyclePolicy",
              "LifecyclePolicyNotFoundException");
      case "UploadLayerPart", "CompleteLayerUpload" -> {
        repository(request);
        throw new ApiException("UploadNotFoundException", "Blobs go up through the registry here");
      }
      case "GetDownloadUrlForLayer" -> {
        repository(request);
        throw new ApiException(
            "LayersNotFoundException", "Blobs are read through the registry here");
      }
      default -> throw new ApiException("UnknownOperationException", operation);
    };
  }

  private Map<String, Object> token() {
    String pair = "AWS:" + tokens.issue();
    return Map.of(
        "authorizationData",
        List.of(
            Map.of(
                "authorizationToken",
                Base64.getEncoder().encodeToString(pair.getBytes(StandardCharsets.UTF_8)),
                "expiresAt",
                clock.instant().plus(Tokens.LIFE).getEpochSecond(),
                "proxyEndpoint",
                proxyEndpoint)));
  }

  private Map<String, Object> create(Map<?, ?> request) {
    String name = text(request, "repositoryName");
    if (name.length() < 2 || name.length() > 256 || !NAME.matcher(name).matches()) {
      throw new ApiException(
          "InvalidParameterException",
          "Invalid parameter at 'repositoryName' failed to satisfy constraint: 'must satisfy regular"
              + " expression'");
    }
    boolean mutable = !text(request, "imageTagMutability").equals("IMMUTABLE");
    Repository repository =
        store
            .create(name, mutable)
            .orElseThrow(
                () ->
                    new ApiException(
                        "RepositoryAlreadyExistsException",
                        "The repository with name '"
                            + name
                            + "' already exists in the registry with id '"
                            + account
                            + "'"));
    for (String key : List.of("tags", "imageScanningConfiguration", "encryptionConfiguration")) {
      Object value = request.get(key);
      if (value != null) {
        repository.settings.put(key, value);
      }
    }
    return Map.of("repository", describe(repository));
  }

  private Map<String, Object> describe(Repository repository) {
    Map<String, Object> json = new TreeMap<>(repository.settings);
    json.remove("policyText");
    json.remove("lifecyclePolicyText");
    json.put("repositoryName", repository.name);
    json.put("registryId", account);
    json.put(
        "repositoryArn",
        "arn:aws:ecr:" + region + ":" + account + ":repository/" + repository.name);
    json.put("repositoryUri", proxyEndpoint.replaceFirst("https?://", "") + "/" + repository.name);
    json.put("imageTagMutability", repository.mutable ? "MUTABLE" : "IMMUTABLE");
    return json;
  }

  private Map<String, Object> describe(Map<?, ?> request) {
    List<Object> found = new ArrayList<>();
    if (request.get("repositoryNames") instanceof List<?> names) {
      names.forEach(name -> found.add(describe(repository((String) name))));
    } else {
      store.names().forEach(name -> found.add(describe(repository(name))));
    }
    return Map.of("repositories", found);
  }

  private Map<String, Object> batchGetImage(Map<?, ?> request) {
    Repository repository = repository(request);
    List<Object> images = new ArrayList<>();
    List<Object> failures = new ArrayList<>();
    for (Map<?, ?> id : ids(request)) {
      String reference =
          text(id, "imageTag").isEmpty() ? text(id, "imageDigest") : text(id, "imageTag");
      Digest digest = repository.tags.get(reference);
      if (digest != null && repository.archived.contains(digest)) {
        failures.add(
            Map.of(
                "imageId", id,
                "failureCode", "ImageInaccessible",
                "failureReason", "The image is archived."));
        continue;
      }
      repository
          .find(reference)
          .ifPresentOrElse(
              manifest -> images.add(image(repository, manifest, id)),
              () ->
                  failures.add(
                      Map.of(
                          "imageId", id,
                          "failureCode", "ImageNotFound",
                          "failureReason", "Requested image not found")));
    }
    return Map.of("images", images, "failures", failures);
  }

  private Map<String, Object> image(Repository repository, StoredManifest manifest, Map<?, ?> id) {
    Map<String, Object> imageId = new TreeMap<>();
    imageId.put("imageDigest", manifest.digest().toString());
    if (!text(id, "imageTag").isEmpty()) {
      imageId.put("imageTag", text(id, "imageTag"));
    }
    return Map.of(
        "registryId",
        account,
        "repositoryName",
        repository.name,
        "imageId",
        imageId,
        "imageManifest",
        new String(manifest.bytes(), StandardCharsets.UTF_8),
        "imageManifestMediaType",
        manifest.mediaType());
  }

  private Map<String, Object> describeImages(Map<?, ?> request) {
    Repository repository = repository(request);
    List<Object> details = new ArrayList<>();
    for (StoredManifest manifest : repository.manifests.values()) {
      List<String> tags = new ArrayList<>();
      repository.tags.forEach(
          (tag, digest) -> {
            if (digest.equals(manifest.digest())) {
              tags.add(tag);
            }
          });
      details.add(
          Map.of(
              "registryId",
              account,
              "repositoryName",
              repository.name,
              "imageDigest",
              manifest.digest().toString(),
              "imageTags",
              tags,
              "imageManifestMediaType",
              manifest.mediaType(),
              "imageStatus",
              repository.archived.contains(manifest.digest()) ? "ARCHIVED" : "ACTIVE"));
    }
    return Map.of("imageDetails", details);
  }

  private Map<String, Object> listImages(Map<?, ?> request) {
    List<Object> ids = new ArrayList<>();
    repository(request)
        .tags
        .forEach(
            (tag, digest) -> ids.add(Map.of("imageTag", tag, "imageDigest", digest.toString())));
    return Map.of("imageIds", ids);
  }

  private Map<String, Object> layers(Map<?, ?> request) {
    Repository repository = repository(request);
    List<Object> layers = new ArrayList<>();
    if (request.get("layerDigests") instanceof List<?> digests) {
      for (Object digest : digests) {
        boolean there = repository.blobs.containsKey(Digest.parse((String) digest));
        layers.add(
            Map.of(
                "layerDigest", digest, "layerAvailability", there ? "AVAILABLE" : "UNAVAILABLE"));
      }
    }
    return Map.of("layers", layers, "failures", List.of());
  }

  private Map<String, Object> keep(Map<?, ?> request, String textKey, String what) {
    Repository repository = repository(request);
    repository.settings.put(
        what.equals("repositoryPolicy") ? "policyText" : textKey, text(request, textKey));
    return Map.of(
        "registryId", account, "repositoryName", repository.name, textKey, text(request, textKey));
  }

  private Map<String, Object> kept(Map<?, ?> request, String textKey, String what, String missing) {
    Repository repository = repository(request);
    if (!(repository.settings.get(textKey) instanceof String text)) {
      throw new ApiException(
          missing, "The " + what + " of '" + repository.name + "' does not exist");
    }
    return Map.of("registryId", account, "repositoryName", repository.name, textKey, text);
  }

  private static List<Map<?, ?>> ids(Map<?, ?> request) {
    List<Map<?, ?>> ids = new ArrayList<>();
    if (request.get("imageIds") instanceof List<?> list) {
      list.forEach(id -> ids.add((Map<?, ?>) id));
    }
    if (ids.isEmpty() || ids.size() > BATCH) {
      throw new ApiException(
          "InvalidParameterException",
          "Invalid parameter at 'imageIds' failed to satisfy constraint: 'Member must have length less"
              + " than or equal to 100'");
    }
    return ids;
  }

  private Repository repository(Map<?, ?> request) {
    return repository(text(request, "repositoryName"));
  }

  private Repository repository(String name) {
    return store
        .get(name)
        .orElseThrow(
            () ->
                new ApiException(
                    "RepositoryNotFoundException",
                    "The repository with name '"
                        + name
                        + "' does not exist in the registry with id '"
                        + account
                        + "'"));
  }

  private static String text(Map<?, ?> request, String key) {
    return request.get(key) instanceof String text ? text : "";
  }
}
