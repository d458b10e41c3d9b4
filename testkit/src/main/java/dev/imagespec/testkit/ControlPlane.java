package dev.imagespec.testkit;

import static dev.imagespec.testkit.JsonApi.text;

import dev.imagespec.model.Digest;
import dev.imagespec.testkit.ImageStore.Repository;
import dev.imagespec.testkit.ImageStore.StoredManifest;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Amazon ECR's own API (version 2015-09-21): JSON 1.1, chosen by {@code X-Amz-Target}. */
final class ControlPlane {
  private static final String TARGET = "AmazonEC2ContainerRegistry_V20150921.";
  private static final int BATCH = 100;
  private static final long CREATED = 1_700_000_000;
  private static final Pattern NAME =
      Pattern.compile("[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*(/[a-z0-9]+((\\.|_|__|-+)[a-z0-9]+)*)*");
  private final ImageStore store;
  private final Tokens tokens;
  private final Clock clock;
  private final String account;
  private final String region;
  private final String proxyEndpoint;
  private final Signatures signatures;
  private final JsonApi api;
  private final SecurityTokens roles;
  private final LayerApi pushing;
  private volatile boolean archivedLooksMissing;

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
    signatures = new Signatures(clock, region, "ecr");
    api = new JsonApi(TARGET, account, signatures, store, this::answer);
    roles = new SecurityTokens(clock, account);
    pushing = new LayerApi(store, account);
  }

  /** Denies an action, for example {@code ecr:CreateRepository}. */
  void deny(String action) {
    api.deny(action);
  }

  /** Whether {@code BatchGetImage} reports an archived image as not found. */
  void archivedLooksMissing(boolean missing) {
    archivedLooksMissing = missing;
  }

  boolean isDenied(String action) {
    return api.isDenied(action);
  }

  /** The access keys that requests were signed with. */
  Set<String> keys() {
    return signatures.keys();
  }

  /** Lets a role be assumed. */
  void trust(String role, String externalId) {
    roles.trust(role, externalId);
  }

  String name(Exchange exchange) {
    return isForRoles(exchange) ? SecurityTokens.name(exchange) : api.name(exchange);
  }

  void handle(Exchange exchange) {
    if (isForRoles(exchange)) {
      roles.handle(exchange);
    } else {
      api.handle(exchange);
    }
  }

  private static boolean isForRoles(Exchange exchange) {
    return exchange.header("X-Amz-Target") == null && SecurityTokens.isFor(exchange);
  }

  private Map<String, Object> answer(String operation, Map<?, ?> request) {
    checkRegistry(request);
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
      case "SetRepositoryPolicy" ->
          keep(request, "policyText", PolicyTexts.repository(text(request, "policyText"), "aws"));
      case "GetRepositoryPolicy" ->
          kept(request, "policyText", "repository policy", "RepositoryPolicyNotFoundException");
      case "DeleteRepositoryPolicy" ->
          dropped(request, "policyText", "repository policy", "RepositoryPolicyNotFoundException");
      case "PutLifecyclePolicy" ->
          keep(
              request,
              "lifecyclePolicyText",
              PolicyTexts.lifecycle(text(request, "lifecyclePolicyText")));
      case "GetLifecyclePolicy" ->
          kept(
              request,
              "lifecyclePolicyText",
              "lifecycle policy",
              "LifecyclePolicyNotFoundException");
      case "DeleteLifecyclePolicy" ->
          dropped(
              request,
              "lifecyclePolicyText",
              "lifecycle policy",
              "LifecyclePolicyNotFoundException");
      case "PutImageTagMutability" -> {
        Repository repository = repository(request);
        mutability(repository, request);
        yield describe(repository);
      }
      case "PutImageScanningConfiguration" -> {
        Repository repository = repository(request);
        repository.settings.put(
            "imageScanningConfiguration", object(request, "imageScanningConfiguration"));
        yield describe(repository);
      }
      case "TagResource", "UntagResource", "ListTagsForResource" -> tags(operation, request);
      case "InitiateLayerUpload" -> {
        repository(request);
        yield pushing.initiate();
      }
      case "UploadLayerPart" -> pushing.part(repository(request), request);
      case "CompleteLayerUpload" -> pushing.complete(repository(request), request);
      case "PutImage" -> pushing.putImage(repository(request), request);
      case "UpdateImageStorageClass" -> storageClass(request);
      case "GetDownloadUrlForLayer" -> {
        repository(request);
        throw new ApiException(
            "LayersNotFoundException", "Blobs are read through the registry here");
      }
      default -> throw new ApiException("UnknownOperationException", operation);
    };
  }

  /** Registries of other accounts exist, but deny every request. */
  private void checkRegistry(Map<?, ?> request) {
    String registry = text(request, "registryId");
    if (!registry.isEmpty() && !registry.equals(account)) {
      throw ApiException.noRepository(text(request, "repositoryName"), registry);
    }
  }

  private Map<String, Object> token() {
    return Map.of(
        "authorizationData",
        List.of(
            Map.of(
                "authorizationToken",
                tokens.issueBasic(),
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
    Repository repository =
        store
            .create(name, true)
            .orElseThrow(
                () ->
                    new ApiException(
                        "RepositoryAlreadyExistsException",
                        "The repository with name '"
                            + name
                            + "' already exists in the registry with id '"
                            + account
                            + "'"));
    mutability(repository, request);
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
    json.remove("tags");
    json.putIfAbsent("encryptionConfiguration", Map.of("encryptionType", "AES256"));
    json.putIfAbsent("imageScanningConfiguration", Map.of("scanOnPush", false));
    json.put("repositoryName", repository.name);
    json.put("registryId", account);
    json.put(
        "repositoryArn",
        "arn:aws:ecr:" + region + ":" + account + ":repository/" + repository.name);
    json.put("repositoryUri", proxyEndpoint.replaceFirst("https?://", "") + "/" + repository.name);
    json.put("createdAt", CREATED);
    json.put("imageTagMutability", repository.mutability);
    if (!repository.exclusions.isEmpty()) {
      json.put(
          "imageTagMutabilityExclusionFilters",
          repository.exclusions.stream()
              .map(filter -> Map.of("filterType", "WILDCARD", "filter", filter))
              .toList());
    }
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
      if (digest != null && repository.archived.contains(digest) && !archivedLooksMissing) {
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
    Set<Digest> wanted = new HashSet<>();
    if (request.containsKey("imageIds")) {
      for (Map<?, ?> id : ids(request)) {
        String tag = text(id, "imageTag");
        Digest digest =
            tag.isEmpty() ? Digest.parse(text(id, "imageDigest")) : repository.tags.get(tag);
        if (digest == null || !repository.manifests.containsKey(digest)) {
          throw new ApiException(
              "ImageNotFoundException",
              "The image with imageId {imageTag:'"
                  + tag
                  + "'} does not exist within the repository");
        }
        wanted.add(digest);
      }
    }
    for (StoredManifest manifest : repository.manifests.values()) {
      if (!wanted.isEmpty() && !wanted.contains(manifest.digest())) {
        continue;
      }
      List<String> tags = new ArrayList<>();
      repository.tags.forEach(
          (tag, digest) -> {
            if (digest.equals(manifest.digest())) {
              tags.add(tag);
            }
          });
      Map<String, Object> detail =
          new TreeMap<>(
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
      Instant pushed = repository.pushed.get(manifest.digest());
      if (pushed != null) {
        detail.put("imagePushedAt", pushed.getEpochSecond());
      }
      Map<String, Integer> findings = repository.scans.get(manifest.digest());
      if (findings != null) {
        detail.put("imageScanStatus", Map.of("status", "COMPLETE"));
        detail.put("imageScanFindingsSummary", Map.of("findingSeverityCounts", findings));
      }
      details.add(detail);
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
        byte[] blob = repository.blobs.get(Digest.parse((String) digest));
        layers.add(
            blob == null
                ? Map.of("layerDigest", digest, "layerAvailability", "UNAVAILABLE")
                : Map.of(
                    "layerDigest",
                    digest,
                    "layerAvailability",
                    "AVAILABLE",
                    "layerSize",
                    blob.length));
      }
    }
    return Map.of("layers", layers, "failures", List.of());
  }

  private Map<String, Object> keep(Map<?, ?> request, String key, String text) {
    Repository repository = repository(request);
    repository.settings.put(key, text);
    return Map.of("registryId", account, "repositoryName", repository.name, key, text);
  }

  private Map<String, Object> kept(Map<?, ?> request, String key, String what, String missing) {
    Repository repository = repository(request);
    if (!(repository.settings.get(key) instanceof String text)) {
      throw new ApiException(
          missing, "The " + what + " of '" + repository.name + "' does not exist");
    }
    return Map.of("registryId", account, "repositoryName", repository.name, key, text);
  }

  private Map<String, Object> dropped(Map<?, ?> request, String key, String what, String missing) {
    Map<String, Object> last = kept(request, key, what, missing);
    repository(request).settings.remove(key);
    return last;
  }

  private static void mutability(Repository repository, Map<?, ?> request) {
    String mutability = text(request, "imageTagMutability");
    List<String> exclusions = new ArrayList<>();
    if (request.get("imageTagMutabilityExclusionFilters") instanceof List<?> filters) {
      filters.forEach(filter -> exclusions.add(text((Map<?, ?>) filter, "filter")));
    }
    if (exclusions.isEmpty() == mutability.endsWith("_WITH_EXCLUSION")) {
      throw new ApiException(
          "InvalidParameterException",
          "Invalid parameter at 'imageTagMutabilityExclusionFilters' failed to satisfy constraint");
    }
    repository.mutability = mutability.isEmpty() ? "MUTABLE" : mutability;
    repository.exclusions = List.copyOf(exclusions);
  }

  private Map<String, Object> tags(String operation, Map<?, ?> request) {
    String arn = text(request, "resourceArn");
    Repository repository = repository(arn.substring(arn.indexOf('/') + 1));
    Map<Object, Map<?, ?>> tags = new LinkedHashMap<>();
    if (repository.settings.get("tags") instanceof List<?> list) {
      list.forEach(tag -> tags.put(((Map<?, ?>) tag).get("Key"), (Map<?, ?>) tag));
    }
    if (request.get("tags") instanceof List<?> list) {
      list.forEach(tag -> tags.put(((Map<?, ?>) tag).get("Key"), (Map<?, ?>) tag));
    }
    if (request.get("tagKeys") instanceof List<?> keys) {
      tags.keySet().removeAll(keys);
    }
    repository.settings.put("tags", List.copyOf(tags.values()));
    return operation.equals("ListTagsForResource")
        ? Map.of("tags", List.copyOf(tags.values()))
        : Map.of();
  }

  private Map<String, Object> storageClass(Map<?, ?> request) {
    Repository repository = repository(request);
    Map<?, ?> id = object(request, "imageId");
    Digest digest =
        text(id, "imageTag").isEmpty()
            ? Digest.parse(text(id, "imageDigest"))
            : repository.tags.get(text(id, "imageTag"));
    if (digest == null) {
      throw new ApiException("ImageNotFoundException", "The image does not exist");
    }
    boolean archive = text(request, "targetStorageClass").equals("ARCHIVE");
    if (archive) {
      repository.archived.add(digest);
    } else {
      repository.archived.remove(digest);
    }
    return Map.of(
        "registryId",
        account,
        "repositoryName",
        repository.name,
        "imageId",
        id,
        "imageStatus",
        archive ? "ARCHIVED" : "ACTIVE");
  }

  private static Map<?, ?> object(Map<?, ?> request, String key) {
    return request.get(key) instanceof Map<?, ?> object ? object : Map.of();
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
    return store.get(name).orElseThrow(() -> ApiException.noRepository(name, account));
  }
}
