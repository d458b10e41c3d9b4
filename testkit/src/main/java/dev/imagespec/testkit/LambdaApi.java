package dev.imagespec.testkit;

import dev.imagespec.testkit.ImageStore.StoredManifest;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;

/**
 * Functions of AWS Lambda (version 2015-03-31, REST) that run images. It takes no index for an
 * image, and works on a change for some requests, in which it takes no other.
 */
public final class LambdaApi extends AwsApi {
  /** How many requests ask for a function until a change to it is done. */
  private static final int PATIENCE = 2;

  private static final int PAGE = 2;

  private final ImageStore images;
  private final String registry;
  private final Map<String, LambdaFunction> functions = new TreeMap<>();

  /** How many requests still find that a role cannot be assumed. */
  private final Map<String, Integer> newRoles = new HashMap<>();

  private String failing = "";

  LambdaApi(Clock clock, String account, String region, ImageStore images, String registry) {
    super(new Signatures(clock, region, "lambda"), account, region);
    this.images = images;
    this.registry = registry;
  }

  /** Has a number of requests find that a role cannot be assumed, as one made just before. */
  public synchronized void newRole(String arn, int requests) {
    newRoles.put(arn, requests);
  }

  /** Makes the next change fail, after a while, for this reason. */
  public synchronized void failNext(String reason) {
    failing = reason;
  }

  /** Adds a function that runs an archive, no image. */
  public synchronized void zipFunction(String name) {
    LambdaFunction function = new LambdaFunction(arn(name), Map.of("FunctionName", name));
    function.configuration().put("PackageType", "Zip");
    functions.put(name, function);
  }

  /** A function's configuration, as it is described. */
  public synchronized Map<String, Object> configuration(String name) {
    return find(name).configuration();
  }

  /** The numbers of a function's published versions. */
  public synchronized List<String> versions(String name) {
    return find(name).versions().stream()
        .map(version -> String.valueOf(version.get("Version")))
        .toList();
  }

  /** The version that an alias of a function names. */
  public synchronized Optional<String> alias(String name, String alias) {
    return Optional.ofNullable(find(name).aliases().get(alias))
        .map(found -> String.valueOf(found.get("FunctionVersion")));
  }

  /** A function's tags. */
  public synchronized Map<String, Object> tags(String name) {
    return Map.copyOf(find(name).tags());
  }

  /** The image that a function runs, by digest. */
  public synchronized String image(String name) {
    return find(name).resolved();
  }

  /** Changes a function's revision, as a change by somebody else does. */
  public synchronized void touch(String name) {
    find(name).changed();
  }

  @Override
  Optional<String> operation(Exchange exchange) {
    return exchange.path().startsWith("/2015-03-31/")
            || exchange.path().startsWith("/2017-03-31/tags")
        ? Optional.of(
            shapes()
                .operation(exchange.method(), exchange.path())
                .map(AwsShapes.Operation::name)
                .orElse("unknown"))
        : Optional.empty();
  }

  @Override
  String mediaType() {
    return "application/json";
  }

  @Override
  int status(String operation) {
    return switch (operation) {
      case "CreateFunction", "PublishVersion", "CreateAlias" -> 201;
      default -> 200;
    };
  }

  private String arn(String name) {
    return "arn:aws:lambda:" + region + ":" + account + ":function:" + name;
  }

  @Override
  Map<String, Object> answer(
      String operation, Map<String, String> path, Map<?, ?> request, Exchange exchange) {
    return switch (operation) {
      case "CreateFunction" -> create(request);
      case "GetFunction" -> find(path).asked(registry);
      case "GetFunctionConfiguration" -> {
        LambdaFunction function = find(path);
        function.asked(registry);
        yield function.configuration();
      }
      case "UpdateFunctionConfiguration" -> configure(idle(path), request);
      case "UpdateFunctionCode" -> update(idle(path), request);
      case "PublishVersion" -> idle(path).publish();
      case "ListVersionsByFunction" -> versions(find(path), exchange.query("Marker"));
      case "CreateAlias" -> createAlias(find(path), request);
      case "GetAlias" -> alias(find(path), path.getOrDefault("Name", ""));
      case "UpdateAlias" -> updateAlias(find(path), path.getOrDefault("Name", ""), request);
      case "TagResource" -> {
        if (request.get("Tags") instanceof Map<?, ?> tags) {
          tagged(path).tag(tags);
        }
        yield Map.of();
      }
      case "ListTags" -> Map.of("Tags", tagged(path).tags());
      default -> throw new ApiException("UnknownOperationException", "no operation " + operation);
    };
  }

  private Map<String, Object> create(Map<?, ?> request) {
    String name = text(request, "FunctionName");
    checkRole(text(request, "Role"));
    if (functions.containsKey(name)) {
      throw new ApiException(409, "ResourceConflictException", "Function already exist: " + name);
    }
    if (!text(request, "PackageType").equals("Image")
        || !(request.get("Code") instanceof Map<?, ?> code)
        || text(code, "ImageUri").isEmpty()) {
      throw invalid("Please provide ImageUri when updating a function with packageType Image.");
    }
    String image = resolve(text(code, "ImageUri"));
    LambdaFunction function = new LambdaFunction(arn(name), request);
    if (request.get("Tags") instanceof Map<?, ?> tags) {
      function.tag(tags);
    }
    functions.put(name, function);
    function.image(text(code, "ImageUri"), image);
    function.begin("State", PATIENCE, failed());
    if (Boolean.TRUE.equals(request.get("Publish"))) {
      return function.publish();
    }
    return function.configuration();
  }

  private Map<String, Object> configure(LambdaFunction function, Map<?, ?> request) {
    function.require(text(request, "RevisionId"));
    if (request.containsKey("Role")) {
      checkRole(text(request, "Role"));
    }
    function.configure(request);
    function.begin("LastUpdateStatus", PATIENCE, failed());
    return function.configuration();
  }

  private Map<String, Object> update(LambdaFunction function, Map<?, ?> request) {
    function.require(text(request, "RevisionId"));
    String image = resolve(text(request, "ImageUri"));
    function.image(text(request, "ImageUri"), image);
    if (request.get("Architectures") instanceof List<?> architectures) {
      function.configuration().put("Architectures", architectures);
    }
    function.begin("LastUpdateStatus", PATIENCE, failed());
    return Boolean.TRUE.equals(request.get("Publish"))
        ? function.publish()
        : function.configuration();
  }

  private String failed() {
    String reason = failing;
    failing = "";
    return reason;
  }

  private void checkRole(String role) {
    checkPassed(role);
    int left = newRoles.getOrDefault(role, 0);
    if (left > 0) {
      newRoles.put(role, left - 1);
      throw invalid("The role defined for the function cannot be assumed by Lambda.");
    }
  }

  /** An image by its digest. Lambda takes the manifest of one platform. */
  private String resolve(String uri) {
    String prefix = registry + "/";
    int end = Math.max(uri.indexOf('@'), uri.lastIndexOf(':'));
    if (!uri.startsWith(prefix)) {
      throw invalid("Source image " + uri + " is not valid. Provide a valid source image.");
    }
    int at = uri.indexOf('@') < 0 ? end : uri.indexOf('@');
    StoredManifest manifest;
    synchronized (images) {
      manifest =
          images
              .get(uri.substring(prefix.length(), at))
              .flatMap(found -> found.find(uri.substring(at + 1)))
              .orElseThrow(
                  () ->
                      invalid(
                          "Source image "
                              + uri
                              + " does not exist. Provide a valid source image."));
    }
    if (manifest.mediaType().contains("index") || manifest.mediaType().contains("list")) {
      throw invalid(
          "The image manifest, config or layer media type for the source image "
              + uri
              + " is not supported.");
    }
    return uri.substring(0, at) + "@" + manifest.digest();
  }

  private LambdaFunction find(Map<String, String> path) {
    return find(path.getOrDefault("FunctionName", ""));
  }

  private LambdaFunction find(String name) {
    LambdaFunction function = functions.get(name);
    if (function == null) {
      throw new ApiException(404, "ResourceNotFoundException", "Function not found: " + arn(name));
    }
    return function;
  }

  private LambdaFunction tagged(Map<String, String> path) {
    String arn = path.getOrDefault("Resource", "");
    return find(arn.substring(arn.lastIndexOf(':') + 1));
  }

  /** A function that no change is made to at this time. */
  private LambdaFunction idle(Map<String, String> path) {
    LambdaFunction function = find(path);
    if (function.isBusy()) {
      throw new ApiException(
          409,
          "ResourceConflictException",
          "The operation cannot be performed at this time. An update is in progress for resource: "
              + function.arn());
    }
    return function;
  }

  private static Map<String, Object> versions(LambdaFunction function, String marker) {
    List<Map<String, Object>> all = new ArrayList<>();
    all.add(function.configuration());
    all.addAll(function.versions());
    int from = marker.isEmpty() ? 0 : Integer.parseInt(marker);
    int to = Math.min(all.size(), from + PAGE);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("Versions", all.subList(from, to));
    if (to < all.size()) {
      answer.put("NextMarker", String.valueOf(to));
    }
    return answer;
  }

  private Map<String, Object> createAlias(LambdaFunction function, Map<?, ?> request) {
    String name = text(request, "Name");
    if (function.aliases().containsKey(name)) {
      throw new ApiException(
          409, "ResourceConflictException", "Alias already exists: " + function.arn() + ":" + name);
    }
    return point(function, name, text(request, "FunctionVersion"));
  }

  private Map<String, Object> updateAlias(LambdaFunction function, String name, Map<?, ?> request) {
    Map<String, Object> there = alias(function, name);
    String revision = text(request, "RevisionId");
    if (!revision.isEmpty() && !revision.equals(there.get("RevisionId"))) {
      throw LambdaFunction.otherRevision();
    }
    return point(function, name, text(request, "FunctionVersion"));
  }

  private static Map<String, Object> alias(LambdaFunction function, String name) {
    return Optional.ofNullable(function.aliases().get(name))
        .orElseThrow(
            () ->
                new ApiException(
                    404,
                    "ResourceNotFoundException",
                    "Cannot find alias arn: " + function.arn() + ":" + name));
  }

  private static Map<String, Object> point(LambdaFunction function, String name, String version) {
    if (function.versions().stream().noneMatch(each -> version.equals(each.get("Version")))) {
      throw new ApiException(
          404, "ResourceNotFoundException", "Function not found: " + function.arn());
    }
    Map<String, Object> alias =
        Map.of(
            "AliasArn",
            function.arn() + ":" + name,
            "Name",
            name,
            "FunctionVersion",
            version,
            "Description",
            "",
            "RevisionId",
            UUID.randomUUID().toString());
    function.aliases().put(name, alias);
    return alias;
  }

  private static ApiException invalid(String message) {
    return new ApiException(400, "InvalidParameterValueException", message);
  }
}
